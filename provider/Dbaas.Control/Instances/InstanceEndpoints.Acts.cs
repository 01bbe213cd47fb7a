using Dbaas.Client.Instances;
using Dbaas.Client.Operations;
using Dbaas.Control.Http;
using Dbaas.Control.Identity;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dbaas.Control.Instances;

/// <content>Start, stop, restart and rotation.</content>
internal static partial class InstanceEndpoints
{
    private static Task<
        Results<
            Ok<InstanceView>,
            Created<InstanceView>,
            NoContent,
            Accepted<OperationView>,
            ProblemResult
        >
    > StopAsync(
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
            InstanceKinds.Stop,
            caller,
            preference,
            tag,
            desk,
            answers,
            context,
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
    > RestartAsync(
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
            InstanceKinds.Restart,
            caller,
            preference,
            tag,
            desk,
            answers,
            context,
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
    > ActAsync(
        string idOrName,
        string kind,
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
            await desk.ActAsync(caller, idOrName, kind, tag, cancellationToken),
            cancellationToken
        );
}
