namespace Dbaas.Host;

/// <summary>Why a call was not done. Becomes gRPC status plus the trailers <c>dbaas-code</c> and <c>dbaas-retry</c>.</summary>
/// <param name="kind">What sort of refusal.</param>
/// <param name="code">Stable code, area.reason.</param>
/// <param name="message">In words an operator can act on.</param>
/// <param name="inner">The cause, if another exception was.</param>
internal sealed class HostRefusal(
    RefusalKind kind,
    string code,
    string message,
    Exception? inner = null
) : Exception(message, inner)
{
    public RefusalKind Kind { get; } = kind;
    public string Code { get; } = code;

    /// <summary>Whether the same call may succeed later without anybody changing anything.</summary>
    public bool Retryable => Kind is RefusalKind.Unavailable or RefusalKind.Busy;
}

/// <summary>Sorts of refusals.</summary>
internal enum RefusalKind
{
    /// <summary>The request cannot be right.</summary>
    Invalid,

    /// <summary>What it needs is not there.</summary>
    NotFound,

    /// <summary>The object's state forbids it; repeating does not help.</summary>
    Forbidden,

    /// <summary>The host has no room.</summary>
    Exhausted,

    /// <summary>Something else must end first.</summary>
    Busy,

    /// <summary>Something the host depends on does not answer.</summary>
    Unavailable,
}
