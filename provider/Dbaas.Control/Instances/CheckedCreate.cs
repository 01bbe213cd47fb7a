using Dbaas.Client.Operations;
using Dbaas.Control.Capacity;
using Dbaas.Control.Ids;

namespace Dbaas.Control.Instances;

/// <summary>A create as judged. Key and host are set when there are no errors and nothing is unknown.</summary>
internal sealed record CheckedCreate(
    InstanceSpec Spec,
    KeyId? Key,
    HostCapacity? Host,
    IReadOnlyList<FieldProblem> Errors,
    IReadOnlyList<FieldProblem> Warnings
);
