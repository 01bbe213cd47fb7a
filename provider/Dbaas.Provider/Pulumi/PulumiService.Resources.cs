using Dbaas.Provider.Hosting;
using Dbaas.Provider.Pulumi.Checks;
using Dbaas.Provider.Pulumi.Diffs;
using Dbaas.Provider.Pulumi.Resources;
using Dbaas.Provider.Pulumi.Wire;
using Dbaas.Schema;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Dbaas.Provider.Pulumi;

/// <content>The methods that concern one resource or function.</content>
internal sealed partial class PulumiService
{
    private readonly DryRuns dryRuns = new(session);
    private readonly FunctionCall functions = new(session);

    // Refusals name properties by path. Resources are few; a path that fits none of them is shown as it came.
    private readonly IReadOnlyList<SchemaProperty> inputs =
    [
        .. package
            .Resources.SelectMany(resource => resource.Inputs)
            .DistinctBy(input => input.Name),
    ];

    private IEnumerable<KeyValuePair<string, GrpcMethod>> ResourceMethods() =>
        [
            Of(
                "Check",
                CheckRequest.Parser,
                inputs,
                request => [request.Olds, request.News],
                (request, _) =>
                    Task.FromResult<IMessage>(
                        new ResourceCheck(session.Settings).Check(
                            Resource(request.Type, request.Urn),
                            request
                        )
                    )
            ),
            Of(
                "Diff",
                DiffRequest.Parser,
                inputs,
                request => [request.Olds, request.OldInputs, request.News],
                async (request, cancellationToken) =>
                    await WhileWantedAsync(
                        waiting =>
                            new ResourceDiff(session, dryRuns).DiffAsync(
                                Resource(request.Type, request.Urn),
                                request,
                                waiting
                            ),
                        cancellationToken
                    )
            ),
            Of(
                "Create",
                CreateRequest.Parser,
                inputs,
                request => [request.Properties],
                async (request, cancellationToken) =>
                {
                    var resource = Resource(request.Type, request.Urn);
                    var create = new ResourceCreate(session, engine, dryRuns);
                    return request.Preview
                        ? await WhileWantedAsync(
                            waiting => create.PreviewAsync(resource, request, waiting),
                            cancellationToken
                        )
                        : await create.CreateAsync(resource, request, cancellationToken);
                }
            ),
            Of(
                "Read",
                ReadRequest.Parser,
                inputs,
                request => [request.Properties, request.Inputs],
                async (request, cancellationToken) =>
                    await WhileWantedAsync(
                        waiting =>
                            new ResourceRead(session).ReadAsync(
                                Resource(request.Type, request.Urn),
                                request,
                                waiting
                            ),
                        cancellationToken
                    )
            ),
            Of(
                "Update",
                UpdateRequest.Parser,
                inputs,
                request => [request.Olds, request.OldInputs, request.News],
                async (request, cancellationToken) =>
                {
                    var resource = Resource(request.Type, request.Urn);
                    var update = new ResourceUpdate(session, engine, dryRuns);
                    return request.Preview
                        ? await WhileWantedAsync(
                            waiting => update.PreviewAsync(resource, request, waiting),
                            cancellationToken
                        )
                        : await update.UpdateAsync(resource, request, cancellationToken);
                }
            ),
            Of(
                "Delete",
                DeleteRequest.Parser,
                inputs,
                request => [request.Properties, request.OldInputs],
                async (request, cancellationToken) =>
                {
                    await new ResourceDelete(session, engine).DeleteAsync(
                        Resource(request.Type, request.Urn),
                        request,
                        cancellationToken
                    );
                    return new Empty();
                }
            ),
            Of(
                "Invoke",
                InvokeRequest.Parser,
                inputs,
                request => [request.Args],
                async (request, cancellationToken) =>
                    await WhileWantedAsync(
                        waiting => functions.InvokeAsync(Function(request.Tok), request, waiting),
                        cancellationToken
                    )
            ),
            new(Service + "List", GrpcMethod.Streaming(ListRequest.Parser, ListAsync)),
        ];

    private async IAsyncEnumerable<IMessage> ListAsync(
        ListRequest request,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            session.Stopping
        );
        await using var answers = new ResourceList(session)
            .ListAsync(Resource(request.Token, ""), request, waiting.Token)
            .GetAsyncEnumerator(waiting.Token);
        while (await MoveAsync(answers, cancellationToken))
        {
            yield return answers.Current;
        }
    }

    private async Task<bool> MoveAsync(
        IAsyncEnumerator<IMessage> answers,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await answers.MoveNextAsync();
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refusals.Of(
                error,
                inputs,
                session.Client?.VersionAdvice ?? "",
                new Values.Redaction([])
            );
        }
    }

    /// <summary>Work that changes nothing ends as soon as the user asks to stop.</summary>
    private async Task<T> WhileWantedAsync<T>(
        Func<CancellationToken, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            session.Stopping
        );
        return await work(waiting.Token);
    }

    private ResourceSchema Resource(string type, string urn)
    {
        var token = type.Length > 0 ? type : TypeOf(urn);
        return package.Resources.FirstOrDefault(resource => TokenOf(resource.Name) == token)
            ?? throw new GrpcException(
                GrpcStatus.InvalidArgument,
                $"There is no resource {Named(token)}. Known: {string.Join(", ", package.Resources.Select(resource => TokenOf(resource.Name)))}."
            );
    }

    private FunctionSchema Function(string token) =>
        package.Functions.FirstOrDefault(function => TokenOf(function.Name) == token)
        ?? throw new GrpcException(
            GrpcStatus.InvalidArgument,
            $"There is no function {Named(token)}. Known: {string.Join(", ", package.Functions.Select(function => TokenOf(function.Name)))}."
        );

    private string TokenOf(string name) => $"{package.Name}:index:{name}";

    /// <summary>urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME.</summary>
    private static string TypeOf(string urn) =>
        urn.Split("::") is [_, _, var types, ..] ? types[(types.LastIndexOf('$') + 1)..] : "";
}
