using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Dbaas.Schema;

namespace Dbaas.Provider.Connection;

/// <summary>
/// Creates that were answered and that the service is not yet told of. An answer that left is not an answer that was written down: a tool
/// or a provider killed between the two runs again without the resource in its state, and may take it over only while nobody has
/// acknowledged it. So the service is told when the tool has had the time to write, when the run ends in order, or when a later run
/// reads the resource from its state; never by the provider of a tool that died. Thread-safe.
/// </summary>
internal sealed class Acknowledgements(ResourceClient client, TimeProvider time)
{
    /// <summary>
    /// Long enough for a tool to write its state, which takes milliseconds, and for a provider whose tool died to notice and end. Shorter
    /// than the lease by which the service keeps other runs off what this one made.
    /// </summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);

    // The host waits for the end of its plugin, and its user for the host.
    private static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(3);
    private const int AtOnce = 16;

    private readonly ConcurrentDictionary<string, Answered> waiting = new(StringComparer.Ordinal);

    /// <summary>The answer with this resource is about to leave; the tool has not known it before.</summary>
    public void Answer(ResourceSchema resource, JsonObject view)
    {
        var answered = new Answered(resource, Views.IdOf(view), NameOf(resource, view));
        waiting[answered.Id] = answered;
        _ = LaterAsync(answered);
    }

    /// <summary>
    /// Before a create: what this run itself made under the same name is acknowledged at once. A configuration that declares a name twice
    /// hears that it is taken, instead of having one database in its state twice.
    /// </summary>
    public async Task MadeBeforeAsync(
        ResourceSchema resource,
        JsonObject inputs,
        CancellationToken cancellationToken
    )
    {
        if (NameOf(resource, inputs) is not { } name)
        {
            return;
        }

        foreach (var answered in waiting.Values)
        {
            if (answered.Name == name && answered.Resource == resource)
            {
                await client.AcknowledgeAsync(resource, answered.Id, cancellationToken);
                waiting.TryRemove(answered.Id, out _);
            }
        }
    }

    /// <summary>The resource was read because it is in a state. A key that may only read leaves it to the next that may write.</summary>
    public async Task InStateAsync(
        ResourceSchema resource,
        JsonObject view,
        CancellationToken cancellationToken
    )
    {
        if (Views.IsUnacknowledged(view))
        {
            await TryAsync(new Answered(resource, Views.IdOf(view), Name: null), cancellationToken);
        }
    }

    /// <summary>The run ends in order: all that was answered is written down. What does not arrive in time, the next refresh tells.</summary>
    public async Task FlushAsync()
    {
        using var deadline = new CancellationTokenSource(LongestFlush, time);
        try
        {
            await Parallel.ForEachAsync(
                waiting.Values,
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = AtOnce,
                    CancellationToken = deadline.Token,
                },
                async (answered, cancellationToken) => await TryAsync(answered, cancellationToken)
            );
        }
        catch (OperationCanceledException)
        {
            // Out of time.
        }
    }

    private async Task LaterAsync(Answered answered)
    {
        await Task.Delay(Delay, time);
        if (waiting.ContainsKey(answered.Id))
        {
            await TryAsync(answered, CancellationToken.None);
        }
    }

    private async Task TryAsync(Answered answered, CancellationToken cancellationToken)
    {
        try
        {
            await client.AcknowledgeAsync(answered.Resource, answered.Id, cancellationToken);
            waiting.TryRemove(answered.Id, out _);
        }
        catch (Exception error) when (error is ServiceException or UnreachableException)
        {
            // Deleted meanwhile, not allowed, or nobody there: nothing that the answer hangs on.
        }
    }

    private static string? NameOf(ResourceSchema resource, JsonObject properties) =>
        resource.Inputs.FirstOrDefault(input => input.IsName) is { } name
        && properties[name.Name] is JsonValue text
        && text.TryGetValue<string>(out var content)
            ? content
            : null;

    private sealed record Answered(ResourceSchema Resource, string Id, string? Name);
}
