using System.Net;
using Dbaas.Client.Operations;
using Dbaas.Schema;
using Refit;

namespace Dbaas.Provider.Connection;

/// <summary>How the end of an operation is awaited.</summary>
internal sealed partial class ResourceClient
{
    /// <summary>Operations of others that one change waits for; an instance that is never left alone is somebody's mistake.</summary>
    private const int MostOperationsBefore = 5;

    // A plan waits for what is under way as well, or it would refuse what the apply can do; longer than a recovery takes.
    private static readonly TimeSpan PatienceWithOthers = TimeSpan.FromMinutes(2);

    /// <summary>How the service refuses a create while no host of its region answers.</summary>
    private const string RegionAway = "capacity.region_unavailable";

    // A host that restarts is back within seconds; whoever plans in an outage wants to hear of it soon.
    private static readonly TimeSpan PatienceWithHosts = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Sends a change of what exists. While somebody else works on it (the platform in its maintenance window or after a crash, another run)
    /// the change waits for the end of that and is sent again, as whoever asked for it would do by hand.
    /// </summary>
    private async Task<Answer> ChangeInTurnAsync(
        ResourceSchema resource,
        string id,
        Func<string, Task<IApiResponse<string>>> send,
        CancellationToken cancellationToken
    )
    {
        for (var before = 0; ; before++)
        {
            try
            {
                return await ChangeAsync(send, cancellationToken);
            }
            catch (ServiceException error)
                when (before < MostOperationsBefore && IsBusy(error.Problem.Code))
            {
                var view = await FindAsync(resource, id, cancellationToken);
                if (view is not null && Views.OperationOf(view) is { } operation)
                {
                    await SettleAsync(operation, progress: null, cancellationToken);
                }
            }
        }
    }

    /// <summary>Whether a refusal says that an operation is under way, of whichever resource.</summary>
    private static bool IsBusy(string code) => code.EndsWith(".busy", StringComparison.Ordinal);

    /// <summary>Waits until an operation that somebody else began has ended, however it ends.</summary>
    public async Task SettleAsync(
        string operationId,
        Action<OperationView>? progress,
        CancellationToken cancellationToken
    )
    {
        try
        {
            _ = await WaitAsync(
                await PollAsync(operationId, 0, cancellationToken),
                progress,
                cancellationToken
            );
        }
        catch (ServiceException)
        {
            // How it ended shows in the resource.
        }
    }

    private async Task<OperationView> WaitAsync(
        OperationView operation,
        Action<OperationView>? progress,
        CancellationToken cancellationToken
    )
    {
        progress?.Invoke(operation);
        while (operation.State is "queued" or "running")
        {
            operation = await PollAsync(operation.Id, WaitSeconds(progress), cancellationToken);
            progress?.Invoke(operation);
        }

        return operation.State == "succeeded"
            ? operation
            : throw new ServiceException(operation.Error ?? Ended(operation), operation);
    }

    private Task<OperationView> PollAsync(
        string id,
        int waitSeconds,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            async () =>
            {
                using var response = await SendAsync(
                    () =>
                        api.GetAsync(
                            $"v1/operations/{Uri.EscapeDataString(id)}?wait={waitSeconds}",
                            cancellationToken
                        ),
                    cancellationToken
                );
                // The work goes on whatever becomes of a question about it: who fails to answer this one, or is not the service, is asked again.
                return
                    response.StatusCode >= HttpStatusCode.InternalServerError
                    || !response.IsSuccessStatusCode && ProblemOf(response) is null
                    ? throw new UnreachableException(
                        $"The control service at {settings.Endpoint} answered {(int?)response.StatusCode}.",
                        isAway: true,
                        retryAfter: RetryAfterOf(response)
                    )
                    : Parse(Accepted(response), ProviderJson.Default.OperationView);
            },
            cancellationToken
        );
}
