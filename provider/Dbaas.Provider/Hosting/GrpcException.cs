using Google.Protobuf;

namespace Dbaas.Provider.Hosting;

/// <summary>Ends a call with a status instead of an answer.</summary>
/// <param name="status">The code.</param>
/// <param name="message">What the host shows to its user.</param>
/// <param name="detail">A message of the protocol that says more; null for none.</param>
internal sealed class GrpcException(GrpcStatus status, string message, IMessage? detail = null)
    : Exception(message)
{
    public GrpcStatus Status { get; } = status;
    public IMessage? Detail { get; } = detail;
}
