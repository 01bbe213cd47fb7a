using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Cli.Operations;
using Dbaas.Cli.Problems;
using Dbaas.Client.Instances;
using Dbaas.Client.Planning;
using Spectre.Console;

namespace Dbaas.Cli.Apply;

/// <summary>Finds out what applying one declared resource would do.</summary>
internal static class Planner
{
    /// <param name="settle">Wait for an operation that is under way first: what is planned against would move otherwise.</param>
    public static async Task<PlannedResource> PlanAsync(
        Invocation run,
        DeclaredResource declared,
        bool settle
    )
    {
        var existing = await FindAsync(run, declared.Name);
        if (settle && existing?.OperationId is { } operationId)
        {
            // An earlier run was interrupted, or somebody else is changing it.
            run.Terminal.Messages.MarkupLineInterpolated(
                $"[dim]{declared.Name}: waiting for {operationId}, which is under way[/]"
            );
            var operation = await run.Api.GetOperationAsync(
                operationId,
                null,
                run.CancellationToken
            );
            await OperationWait.UntilEndedAsync(run, operation);
            existing = await FindAsync(run, declared.Name);
        }

        var plan = await run.Api.PlanAsync(
            new PlanRequest
            {
                Resource = declared.Resource.Name,
                Action = existing is null ? "create" : "update",
                Id = existing?.Id,
                Inputs = (JsonObject)declared.Inputs.DeepClone(),
            },
            run.CancellationToken
        );
        return new PlannedResource(declared, existing, plan);
    }

    private static async Task<InstanceView?> FindAsync(Invocation run, string name)
    {
        var response = await run.Api.GetInstanceAsync(name, run.CancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound ? null : response.ContentOrThrow();
    }
}
