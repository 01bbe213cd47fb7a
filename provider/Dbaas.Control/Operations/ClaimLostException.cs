using Dbaas.Control.Ids;

namespace Dbaas.Control.Operations;

/// <summary>Another silo works on the operation; this one must not touch it again.</summary>
internal sealed class ClaimLostException(OperationId operation)
    : Exception($"The claim on {operation} is lost.");
