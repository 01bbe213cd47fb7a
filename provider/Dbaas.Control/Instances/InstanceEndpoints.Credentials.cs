using Dbaas.Client.Instances;
using Dbaas.Control.Identity;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dbaas.Control.Instances;

/// <content>Acknowledgement and credentials.</content>
internal static partial class InstanceEndpoints
{
    private static async Task<Results<NoContent, ProblemResult>> AcknowledgeAsync(
        string idOrName,
        Caller caller,
        InstanceDesk desk,
        CancellationToken cancellationToken
    )
    {
        var outcome = await desk.AcknowledgeAsync(caller, idOrName, cancellationToken);
        return outcome.Succeeded ? TypedResults.NoContent() : outcome.Problem!.ToResult();
    }

    private static async Task<Results<Ok<CredentialsView>, ProblemResult>> CredentialsAsync(
        string idOrName,
        Caller caller,
        InstanceReader instances,
        HttpContext context,
        string? database,
        CancellationToken cancellationToken
    )
    {
        context.Response.Headers.CacheControl = "no-store";
        var outcome = await instances.CredentialsAsync(
            caller,
            idOrName,
            database,
            cancellationToken
        );
        return outcome.Succeeded ? TypedResults.Ok(outcome.Value) : outcome.Problem.ToResult();
    }

    private static async Task<ChangeAnswer> RotateAsync(
        [AsParameters] InstanceCall call,
        CancellationToken cancellationToken
    ) =>
        await call.AnswerAsync(
            await call.Desk.RotateAsync(call.Caller, call.IdOrName, call.Tag, cancellationToken),
            cancellationToken
        );
}
