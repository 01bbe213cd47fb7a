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
            .RequireAuthorization("credentials:read");
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

    private static async Task<
        Results<
            Ok<InstanceView>,
            Created<InstanceView>,
            NoContent,
            Accepted<OperationView>,
            ProblemResult
        >
    > CreateAsync(
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

    private static async Task<
        Results<
            Ok<InstanceView>,
            Created<InstanceView>,
            NoContent,
            Accepted<OperationView>,
            ProblemResult
        >
    > PutAsync(
        string idOrName,
        InstanceInputs inputs,
        Caller caller,
        Preference preference,
        EntityTag tag,
        InstanceDesk desk,
        InstanceAnswers answers,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await answers.AfterAsync(
            context,
            caller,
            preference,
            await desk.UpdateAsync(caller, idOrName, _ => inputs, tag, cancellationToken),
            cancellationToken
        );

    private static async Task<
        Results<
            Ok<InstanceView>,
            Created<InstanceView>,
            NoContent,
            Accepted<OperationView>,
            ProblemResult
        >
    > PatchAsync(
        string idOrName,
        JsonObject patch,
        Caller caller,
        Preference preference,
        EntityTag tag,
        InstanceDesk desk,
        InstanceAnswers answers,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await answers.AfterAsync(
            context,
            caller,
            preference,
            await desk.UpdateAsync(
                caller,
                idOrName,
                current => MergePatch.Apply(current, patch),
                tag,
                cancellationToken
            ),
            cancellationToken
        );

    private static async Task<
        Results<
            Ok<InstanceView>,
            Created<InstanceView>,
            NoContent,
            Accepted<OperationView>,
            ProblemResult
        >
    > DeleteAsync(
        string idOrName,
        Caller caller,
        Preference preference,
        EntityTag tag,
        InstanceDesk desk,
        InstanceAnswers answers,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await answers.AfterAsync(
            context,
            caller,
            preference,
            await desk.DeleteAsync(caller, idOrName, tag, cancellationToken),
            cancellationToken
        );

    private static Task<
        Results<
            Ok<InstanceView>,
            Created<InstanceView>,
            NoContent,
            Accepted<OperationView>,
            ProblemResult
        >
    > StartAsync(
        string idOrName,
        Caller caller,
        Preference preference,
        EntityTag tag,
        InstanceDesk desk,
        InstanceAnswers answers,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        ActAsync(
            idOrName,
            InstanceKinds.Start,
            caller,
            preference,
            tag,
            desk,
            answers,
            context,
            cancellationToken
        );
}
