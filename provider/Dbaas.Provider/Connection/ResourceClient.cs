using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Client;
using Dbaas.Client.Operations;
using Dbaas.Client.Planning;
using Refit;

namespace Dbaas.Provider.Connection;

/// <summary>
/// Creates, reads, changes and deletes any resource by its collection. Long work is waited for in short requests, each of which renews
/// this run's lease. Thread-safe.
/// </summary>
/// <remarks>
/// All methods throw <see cref="ServiceException"/> for a refusal or a failed operation, <see cref="UnreachableException"/> when no
/// sensible answer came, and <see cref="OperationCanceledException"/>.
/// </remarks>
internal sealed partial class ResourceClient(IResourceApi api, string endpoint, TimeProvider time)
{
    private const int WaitSeconds = 30;

    // While an operation is under way the service may restart (an upgrade, a crash); the work goes on by itself meanwhile.
    private static readonly TimeSpan PatienceWithSilence = TimeSpan.FromMinutes(2);

    // A killed run's lease ends within 15 seconds; a living run renews it, and then the answer stays no.
    private static readonly TimeSpan PatienceWithLease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseWhenSilent = TimeSpan.FromSeconds(1);
    private static readonly string Prefer = $"wait={WaitSeconds}";

    public async Task<PlanResult> PlanAsync(
        PlanRequest request,
        CancellationToken cancellationToken
    )
    {
        var body = JsonSerializer
            .SerializeToNode(request, ProviderJson.Default.PlanRequest)!
            .AsObject();
        using var response = await SendAsync(
            () => api.PostAsync("v1/plan", body, null, null, cancellationToken),
            cancellationToken
        );
        return Parse(Accepted(response), ProviderJson.Default.PlanResult);
    }

    /// <summary>The resource, or null when the service says for certain that it does not exist.</summary>
    public async Task<JsonObject?> FindAsync(
        string collection,
        string idOrName,
        CancellationToken cancellationToken
    )
    {
        using var response = await SendAsync(
            () => api.GetAsync(Path(collection, idOrName), cancellationToken),
            cancellationToken
        );
        // A 404 of anything but the service itself (a proxy, a wrong address) must not look like a deleted database.
        return response.StatusCode == HttpStatusCode.NotFound && IsNotFound(ProblemOf(response))
            ? null
            : Tree(Accepted(response));
    }

    /// <summary>Reads a function's path.</summary>
    public async Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            () => api.GetAsync(path.TrimStart('/'), cancellationToken),
            cancellationToken
        );
        return Tree(Accepted(response));
    }

    /// <summary>Creates, or takes over what an interrupted run left; returns when it can be used.</summary>
    public Task<CreatedResource> CreateAsync(
        string collection,
        JsonObject inputs,
        CancellationToken cancellationToken
    ) =>
        RepeatAsync(() => TryCreateAsync(collection, inputs, cancellationToken), cancellationToken);

    private async Task<CreatedResource> TryCreateAsync(
        string collection,
        JsonObject inputs,
        CancellationToken cancellationToken
    )
    {
        var key = Guid.NewGuid().ToString("N");
        using var response = await SendAsync(
            () => api.PostAsync(collection.TrimStart('/'), inputs, Prefer, key, cancellationToken),
            cancellationToken
        );
        if (response.StatusCode != HttpStatusCode.Accepted)
        {
            return new CreatedResource(
                Tree(Accepted(response)),
                response.StatusCode == HttpStatusCode.OK
            );
        }

        var operation = await WaitAsync(
            Parse(Accepted(response), ProviderJson.Default.OperationView),
            cancellationToken
        );
        return new CreatedResource(
            await ReadAsync(collection, operation.ResourceId, cancellationToken),
            operation.Adopted
        );
    }

    /// <summary>Tells the service that the create has arrived: from now on the name is taken.</summary>
    public async Task AcknowledgeAsync(
        string collection,
        string id,
        CancellationToken cancellationToken
    )
    {
        using var response = await SendAsync(
            () =>
                api.PostAsync(
                    Path(collection, id) + "/acknowledge",
                    [],
                    null,
                    null,
                    cancellationToken
                ),
            cancellationToken
        );
        _ = Accepted(response);
    }

    /// <summary>Makes the whole desired inputs true; absent ones mean their default.</summary>
    public Task<JsonObject> UpdateAsync(
        string collection,
        string id,
        JsonObject inputs,
        CancellationToken cancellationToken
    ) =>
        RepeatAsync(
            () => TryUpdateAsync(collection, id, inputs, cancellationToken),
            cancellationToken
        );

    /// <summary>Deletes; also content when it is gone already.</summary>
    public Task DeleteAsync(string collection, string id, CancellationToken cancellationToken) =>
        RepeatAsync(
            async () =>
            {
                await TryDeleteAsync(collection, id, cancellationToken);
                return true;
            },
            cancellationToken
        );

    private async Task<JsonObject> TryUpdateAsync(
        string collection,
        string id,
        JsonObject inputs,
        CancellationToken cancellationToken
    )
    {
        var key = Guid.NewGuid().ToString("N");
        using var response = await SendAsync(
            () => api.PutAsync(Path(collection, id), inputs, Prefer, key, cancellationToken),
            cancellationToken
        );
        if (response.StatusCode != HttpStatusCode.Accepted)
        {
            return Tree(Accepted(response));
        }

        _ = await WaitAsync(
            Parse(Accepted(response), ProviderJson.Default.OperationView),
            cancellationToken
        );
        return await ReadAsync(collection, id, cancellationToken);
    }

    private async Task TryDeleteAsync(
        string collection,
        string id,
        CancellationToken cancellationToken
    )
    {
        using var response = await SendAsync(
            () => api.DeleteAsync(Path(collection, id), Prefer, cancellationToken),
            cancellationToken
        );
        if (response.StatusCode == HttpStatusCode.NotFound && IsNotFound(ProblemOf(response)))
        {
            return;
        }

        var content = Accepted(response);
        if (response.StatusCode == HttpStatusCode.Accepted)
        {
            _ = await WaitAsync(
                Parse(content, ProviderJson.Default.OperationView),
                cancellationToken
            );
        }
    }

    private async Task<JsonObject> ReadAsync(
        string collection,
        string id,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(collection, id, cancellationToken)
        ?? throw new UnreachableException(
            $"{id} was there and is gone; someone else deleted it meanwhile."
        );

    private async Task<OperationView> WaitAsync(
        OperationView operation,
        CancellationToken cancellationToken
    )
    {
        var heard = time.GetTimestamp();
        while (operation.State is "queued" or "running")
        {
            try
            {
                operation = await PollAsync(operation.Id, cancellationToken);
                heard = time.GetTimestamp();
            }
            catch (UnreachableException) when (time.GetElapsedTime(heard) < PatienceWithSilence)
            {
                await Task.Delay(PauseWhenSilent, time, cancellationToken);
            }
        }

        return operation.State == "succeeded"
            ? operation
            : throw new ServiceException(operation.Error ?? Ended(operation), operation.Id);
    }

    private async Task<OperationView> PollAsync(string id, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            () =>
                api.GetAsync(
                    $"v1/operations/{Uri.EscapeDataString(id)}?wait={WaitSeconds}",
                    cancellationToken
                ),
            cancellationToken
        );
        return response.StatusCode >= HttpStatusCode.InternalServerError
            ? throw new UnreachableException(
                $"The control service at {endpoint} answered {(int?)response.StatusCode}."
            )
            : Parse(Accepted(response), ProviderJson.Default.OperationView);
    }

    private async Task<IApiResponse<string>> SendAsync(
        Func<Task<IApiResponse<string>>> send,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var response = await send();
            if (response.HasResponseError(out _))
            {
                return response;
            }

            return response.HasRequestError(out var failure)
                ? throw failure.InnerException ?? failure
                : response;
        }
        catch (Exception error)
            when (error is HttpRequestException or IOException
                || IsTimeout(error, cancellationToken)
            )
        {
            var reason =
                error.InnerException is System.Security.Authentication.AuthenticationException
                    ? "its certificate is not trusted (is ca_file or DBAAS_CA_FILE right?): "
                        + error.InnerException.Message
                    : error.Message;
            throw new UnreachableException(
                $"The control service at {endpoint} cannot be reached: {reason}",
                error
            );
        }
    }

    private static bool IsTimeout(Exception error, CancellationToken cancellationToken) =>
        error is OperationCanceledException && !cancellationToken.IsCancellationRequested;

    private static string Path(string collection, string id) =>
        $"{collection.TrimStart('/')}/{Uri.EscapeDataString(id)}";
}
