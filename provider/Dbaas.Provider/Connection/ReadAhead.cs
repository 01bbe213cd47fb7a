using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Dbaas.Schema;

namespace Dbaas.Provider.Connection;

/// <summary>
/// Reads of a refresh. A tool asks for each resource by itself and tells nobody how many will follow; from a few on they are answered
/// from pages of the list, so that a thousand resources cost two requests and not a thousand. Thread-safe.
/// </summary>
/// <remarks>
/// What was read ahead is used once, within seconds, and never after this process wrote anything. Only a request for the one resource
/// decides that it is gone.
/// </remarks>
internal sealed class ReadAhead(
    ResourceClient client,
    TimeProvider time,
    CancellationToken stopping
)
{
    private readonly ConcurrentDictionary<string, ListSweep> sweeps = new(StringComparer.Ordinal);

    /// <summary>The resource, or null when the service says for certain that it does not exist.</summary>
    /// <remarks>Throws as <see cref="ResourceClient.FindAsync"/> does.</remarks>
    public Task<JsonObject?> FindAsync(
        ResourceSchema resource,
        string id,
        CancellationToken cancellationToken
    ) =>
        sweeps
            .GetOrAdd(resource.Collection, _ => new ListSweep(client, resource, time, stopping))
            .FindAsync(id, cancellationToken);
}
