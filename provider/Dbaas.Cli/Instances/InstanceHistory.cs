using Dbaas.Cli.Problems;
using Dbaas.Client.Audit;
using Dbaas.Client.Operations;

namespace Dbaas.Cli.Instances;

/// <summary>The newest operations and events of one instance, as far as the caller may read them.</summary>
internal static class InstanceHistory
{
    private const int Newest = 5;

    public static async Task<(
        IReadOnlyList<OperationView> Operations,
        IReadOnlyList<AuditEventView> Events
    )> ReadAsync(Invocation run, string instanceId) =>
        (
            await AllowedAsync(async () =>
                (
                    await run.Api.ListOperationsAsync(
                        instanceId,
                        null,
                        null,
                        Newest,
                        run.CancellationToken
                    )
                ).Items
            ),
            await AllowedAsync(async () =>
                (
                    await run.Api.ListAuditEventsAsync(
                        instanceId,
                        null,
                        Newest,
                        run.CancellationToken
                    )
                ).Items
            )
        );

    // Whoever may read an instance need not have the right to the audit trail; the rest is worth showing.
    private static async Task<IReadOnlyList<T>> AllowedAsync<T>(Func<Task<IReadOnlyList<T>>> read)
    {
        try
        {
            return await read();
        }
        catch (Refit.ApiException refused)
            when (ExitCode.OfStatus((int)refused.StatusCode) is ExitCode.Forbidden)
        {
            return [];
        }
    }
}
