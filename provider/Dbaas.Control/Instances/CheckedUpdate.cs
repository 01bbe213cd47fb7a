using Dbaas.Client.Operations;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Rules;

namespace Dbaas.Control.Instances;

/// <summary>A change as judged.</summary>
internal sealed record CheckedUpdate(
    InstanceSpec Before,
    InstanceSpec After,
    IReadOnlyList<InstanceChange> Changes,
    IReadOnlyList<FieldProblem> Errors,
    IReadOnlyList<FieldProblem> Warnings
)
{
    /// <summary>The customer key that shall wrap the data keys; null when it stays.</summary>
    public KeyId? Key { get; init; }

    /// <summary>Whether anything has to be done outside the metadata.</summary>
    public bool NeedsWork => Changes.Any(change => change.Kind is not null);

    public bool Restarts => Changes.Any(change => change.NeedsRestart);
}
