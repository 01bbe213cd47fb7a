using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Client;
using Dbaas.Client.Operations;
using Dbaas.Client.Planning;
using Dbaas.Schema;

namespace Dbaas.Provider.Connection;

/// <summary>
/// Creates, reads, changes and deletes resources of any kind. Long work is waited for in short requests, each of which renews this run's
/// lease. Thread-safe.
/// </summary>
/// <remarks>
/// All methods throw <see cref="ServiceException"/> for a refusal or a failed operation, <see cref="UnreachableException"/> when no
/// sensible answer came, and <see cref="OperationCanceledException"/>.
/// </remarks>
internal sealed partial class ResourceClient(
    IResourceApi api,
    ProviderSettings settings,
    HostTool tool,
    ServiceVersion version,
    TimeProvider time
)
{
    // How long one request may take. Someone who watches the progress wants to hear of each step.
    private const int PatientSeconds = 30;
    private const int WatchingSeconds = 2;

    /// <summary>What to upgrade when an answer is not understood.</summary>
    public string VersionAdvice => version.Advice;

    public async Task<PlanResult> PlanAsync(
        PlanRequest request,
        CancellationToken cancellationToken
    )
    {
        if (OversizedValue.Judge(request.Inputs) is { } refused)
        {
            return refused;
        }

        var body = JsonSerializer
            .SerializeToNode(request, ProviderJson.Default.PlanRequest)!
            .AsObject();
        var began = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var plan = await AskAsync(
                async () =>
                {
                    using var response = await SendAsync(
                        () => api.PostAsync("v1/plan", body, null, null, cancellationToken),
                        cancellationToken
                    );
                    return Parse(Accepted(response), ProviderJson.Default.PlanResult);
                },
                cancellationToken
            );
            if (time.GetElapsedTime(began) >= Patience(plan))
            {
                return plan with { Errors = [.. plan.Errors.Select(WithAdvice)] };
            }

            await Task.Delay(Pause(asked: null, attempt), time, cancellationToken);
        }
    }

    /// <summary>How long a plan is asked for again that is refused for what passes, and for nothing that is planned.</summary>
    private static TimeSpan Patience(PlanResult plan) =>
        plan.Errors.Count == 0 ? TimeSpan.Zero
        : plan.Errors.All(error => IsBusy(error.Code)) ? PatienceWithOthers
        : plan.Errors.All(error => error.Code == RegionAway) ? PatienceWithHosts
        : TimeSpan.Zero;

    /// <summary>The resource, or null when the service says for certain that it does not exist.</summary>
    public Task<JsonObject?> FindAsync(
        ResourceSchema resource,
        string idOrName,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            async () =>
            {
                using var response = await SendAsync(
                    () => api.GetAsync(Path(resource, idOrName), cancellationToken),
                    cancellationToken
                );
                return IsGone(resource, response) ? null : Tree(Accepted(response));
            },
            cancellationToken
        );

    /// <summary>Reads a function's path.</summary>
    public Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken) =>
        AskAsync(
            async () =>
            {
                using var response = await SendAsync(
                    () => api.GetAsync(path.TrimStart('/'), cancellationToken),
                    cancellationToken
                );
                return Tree(Accepted(response));
            },
            cancellationToken
        );

    /// <summary>Creates, or takes over what an interrupted run left; returns when it can be used.</summary>
    /// <param name="progress">Hears of the operation as soon as there is one, and whenever it was asked about; null for nobody.</param>
    public async Task<CreatedResource> CreateAsync(
        ResourceSchema resource,
        JsonObject inputs,
        Action<OperationView>? progress,
        CancellationToken cancellationToken
    )
    {
        var answer = await ChangeAsync(
            key =>
                api.PostAsync(
                    resource.Collection.TrimStart('/'),
                    inputs,
                    Prefer(progress),
                    key,
                    cancellationToken
                ),
            cancellationToken
        );
        if (answer.Status != HttpStatusCode.Accepted)
        {
            return new CreatedResource(Tree(answer.Text), answer.Status == HttpStatusCode.OK);
        }

        var operation = await WaitAsync(
            Parse(answer.Text, ProviderJson.Default.OperationView),
            progress,
            cancellationToken
        );
        return new CreatedResource(
            await ReadAsync(resource, operation.ResourceId, cancellationToken),
            operation.Adopted
        );
    }

    /// <summary>Tells the service that the create has arrived: from now on the name is taken.</summary>
    public Task AcknowledgeAsync(
        ResourceSchema resource,
        string id,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            _ =>
                api.PostAsync(
                    Path(resource, id) + "/acknowledge",
                    [],
                    null,
                    null,
                    cancellationToken
                ),
            cancellationToken
        );

    /// <summary>Makes the whole desired inputs true; absent ones mean their default.</summary>
    public async Task<JsonObject> UpdateAsync(
        ResourceSchema resource,
        string id,
        JsonObject inputs,
        Action<OperationView>? progress,
        CancellationToken cancellationToken
    )
    {
        var answer = await ChangeInTurnAsync(
            resource,
            id,
            key =>
                api.PutAsync(Path(resource, id), inputs, Prefer(progress), key, cancellationToken),
            cancellationToken
        );
        if (answer.Status != HttpStatusCode.Accepted)
        {
            return Tree(answer.Text);
        }

        _ = await WaitAsync(
            Parse(answer.Text, ProviderJson.Default.OperationView),
            progress,
            cancellationToken
        );
        return await ReadAsync(resource, id, cancellationToken);
    }

    /// <summary>Deletes; also content when it is gone already.</summary>
    public async Task DeleteAsync(
        ResourceSchema resource,
        string id,
        Action<OperationView>? progress,
        CancellationToken cancellationToken
    )
    {
        Answer answer;
        try
        {
            answer = await ChangeInTurnAsync(
                resource,
                id,
                _ => api.DeleteAsync(Path(resource, id), Prefer(progress), cancellationToken),
                cancellationToken
            );
        }
        catch (ServiceException error) when (error.Problem.Code == resource.NotFound)
        {
            return;
        }

        if (answer.Status == HttpStatusCode.Accepted)
        {
            _ = await WaitAsync(
                Parse(answer.Text, ProviderJson.Default.OperationView),
                progress,
                cancellationToken
            );
        }
    }

    private async Task<JsonObject> ReadAsync(
        ResourceSchema resource,
        string id,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(resource, id, cancellationToken)
        ?? throw new UnreachableException(
            $"{id} was there and is gone; someone else deleted it meanwhile."
        );

    private static string Prefer(Action<OperationView>? progress) =>
        $"wait={WaitSeconds(progress)}";

    private static int WaitSeconds(Action<OperationView>? progress) =>
        progress is null ? PatientSeconds : WatchingSeconds;

    private static string Path(ResourceSchema resource, string id) =>
        $"{resource.Collection.TrimStart('/')}/{Uri.EscapeDataString(id)}";

    /// <param name="Status">A success.</param>
    /// <param name="Text">The body.</param>
    private sealed record Answer(HttpStatusCode Status, string Text);
}
