namespace Dbaas.Host.Containers;

/// <summary>The container runtime or the kernel refused; the message is theirs.</summary>
internal sealed class ContainerException(string message, Exception? inner = null)
    : Exception(message, inner);
