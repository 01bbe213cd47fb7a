using System.Collections.Frozen;

namespace Dbaas.Control.Operations;

/// <summary>All workflows by their kind.</summary>
internal sealed class Workflows(IEnumerable<IWorkflow> workflows)
{
    private readonly FrozenDictionary<string, IWorkflow> _byKind = workflows.ToFrozenDictionary(
        w => w.Kind,
        StringComparer.Ordinal
    );

    public IReadOnlyCollection<IWorkflow> All => _byKind.Values;

    /// <summary>Null for a kind of a newer version of the service: its operation waits for a silo that knows it.</summary>
    public IWorkflow? Find(string kind) => _byKind.GetValueOrDefault(kind);
}
