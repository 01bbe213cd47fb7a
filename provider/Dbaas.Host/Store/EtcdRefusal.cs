namespace Dbaas.Host.Store;

/// <summary>etcd answered with an error of its own.</summary>
/// <param name="code">gRPC status code.</param>
/// <param name="message">etcd's words.</param>
internal sealed class EtcdRefusal(int code, string message) : Exception(message)
{
    public int Code { get; } = code;

    public bool AlreadyExists => Message.Contains("already exists", StringComparison.Ordinal);

    public bool NotFound => Message.Contains("not found", StringComparison.Ordinal);

    /// <summary>Tokens live five minutes and end with etcd's process and with a change of the user.</summary>
    public bool TokenExpired => Message.Contains("invalid auth token", StringComparison.Ordinal);

    public bool PermissionDenied => Message.Contains("permission denied", StringComparison.Ordinal);

    public bool WrongPassword =>
        Message.Contains("authentication failed", StringComparison.Ordinal);
}
