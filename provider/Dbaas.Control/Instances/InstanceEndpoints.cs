using System.Text.Json.Nodes;
using Dbaas.Client.Catalogue;
using Dbaas.Client.Instances;
using Dbaas.Client.Operations;
using Dbaas.Control.Http;
using Dbaas.Control.Identity;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dbaas.Control.Instances;

/// <summary>The HTTP surface of instances, below /v1.</summary>
internal static partial class InstanceEndpoints
{
    public static void MapInstanceEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/instances").WithTags("Instances");
        group
            .MapGet("/", ListAsync)
            .WithName("ListInstances")
            .RequireAuthorization("instance:read");
        group
            .MapPost("/", CreateAsync)
            .WithName("CreateInstance")
            .RequireAuthorization("instance:write");
        group
            .MapGet("/{idOrName}", GetAsync)
            .WithName("GetInstance")
            .RequireAuthorization("instance:read");
        group
            .MapPut("/{idOrName}", PutAsync)
            .WithName("ReplaceInstance")
            .RequireAuthorization("instance:write");
        group
            .MapPatch("/{idOrName}", PatchAsync)
            .WithName("PatchInstance")
            .RequireAuthorization("instance:write");
        group
            .MapDelete("/{idOrName}", DeleteAsync)
            .WithName("DeleteInstance")
            .RequireAuthorization("instance:delete");
        group
            .MapPost("/{idOrName}/start", StartAsync)
            .WithName("StartInstance")
            .RequireAuthorization("instance:write");
        group
            .MapPost("/{idOrName}/stop", StopAsync)
            .WithName("StopInstance")
            .RequireAuthorization("instance:write");
        group
            .MapPost("/{idOrName}/restart", RestartAsync)
            .WithName("RestartInstance")
            .RequireAuthorization("instance:write");
        group
            .MapPost("/{idOrName}/acknowledge", AcknowledgeAsync)
            .WithName("AcknowledgeInstance")
            .RequireAuthorization("instance:write");
        group
            .MapGet("/{idOrName}/credentials", CredentialsAsync)
            .WithName("GetCredentials")
            .RequireAuthorization("credentials:read")
            // A key service that refuses to open the password answers these, though nothing is changed.
            .Produces<ProblemBody>(StatusCodes.Status409Conflict, ProblemResult.MediaType)
            .Produces<ProblemBody>(
                StatusCodes.Status422UnprocessableEntity,
                ProblemResult.MediaType
            );
        group
            .MapPost("/{idOrName}/credentials/rotate", RotateAsync)
            .WithName("RotateCredentials")
            .RequireAuthorization("credentials:write");
    }

    private static async Task<Results<Ok<Page<InstanceView>>, ProblemResult>> ListAsync(
        Caller caller,
        InstanceReader instances,
        string? name,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        var outcome = await instances.ListAsync(caller, name, cursor, limit, cancellationToken);
        return outcome.Succeeded ? TypedResults.Ok(outcome.Value) : outcome.Problem.ToResult();
    }

    private static async Task<Results<Ok<InstanceView>, ProblemResult>> GetAsync(
        string idOrName,
        Caller caller,
        InstanceReader instances,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var outcome = await instances.GetAsync(caller.Tenant, idOrName, cancellationToken);
        if (!outcome.Succeeded)
        {
            return outcome.Problem.ToResult();
        }

        EntityTag.Write(context, outcome.Value.Version);
        return TypedResults.Ok(outcome.Value.View);
    }

    private static async Task<ChangeAnswer> CreateAsync(
        InstanceInputs inputs,
        Caller caller,
        Preference preference,
        InstanceDesk desk,
        InstanceAnswers answers,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await answers.AfterAsync(
            context,
            caller,
            preference,
            await desk.CreateAsync(caller, inputs, cancellationToken),
            cancellationToken
        );

    private static async Task<ChangeAnswer> PutAsync(
        [AsParameters] InstanceCall call,
        InstanceInputs inputs,
        CancellationToken cancellationToken
    ) =>
        await call.AnswerAsync(
            await call.Desk.UpdateAsync(
                call.Caller,
                call.IdOrName,
                _ => inputs,
                call.Tag,
                cancellationToken
            ),
            cancellationToken
        );

    private static async Task<ChangeAnswer> PatchAsync(
        [AsParameters] InstanceCall call,
        JsonObject patch,
        CancellationToken cancellationToken
    ) =>
        await call.AnswerAsync(
            await call.Desk.UpdateAsync(
                call.Caller,
                call.IdOrName,
                current => MergePatch.Apply(current, patch),
                call.Tag,
                cancellationToken
            ),
            cancellationToken
        );

    private static async Task<ChangeAnswer> DeleteAsync(
        [AsParameters] InstanceCall call,
        CancellationToken cancellationToken
    ) =>
        await call.AnswerAsync(
            await call.Desk.DeleteAsync(call.Caller, call.IdOrName, call.Tag, cancellationToken),
            cancellationToken
        );

    private static Task<ChangeAnswer> StartAsync(
        [AsParameters] InstanceCall call,
        CancellationToken cancellationToken
    ) => ActAsync(call, InstanceKinds.Start, cancellationToken);

    private static Task<ChangeAnswer> StopAsync(
        [AsParameters] InstanceCall call,
        CancellationToken cancellationToken
    ) => ActAsync(call, InstanceKinds.Stop, cancellationToken);

    private static Task<ChangeAnswer> RestartAsync(
        [AsParameters] InstanceCall call,
        CancellationToken cancellationToken
    ) => ActAsync(call, InstanceKinds.Restart, cancellationToken);

    private static async Task<ChangeAnswer> ActAsync(
        InstanceCall call,
        string kind,
        CancellationToken cancellationToken
    ) =>
        await call.AnswerAsync(
            await call.Desk.ActAsync(call.Caller, call.IdOrName, kind, call.Tag, cancellationToken),
            cancellationToken
        );
}
