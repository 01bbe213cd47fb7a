using Dbaas.Control.Ids;

namespace Dbaas.Control.Instances;

/// <summary>What became of a request.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Operation">The operation that carries it out; null when nothing is left to do.</param>
/// <param name="Created">Whether the instance is new.</param>
internal sealed record Submitted(InstanceId Instance, OperationId? Operation, bool Created);
