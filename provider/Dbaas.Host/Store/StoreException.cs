namespace Dbaas.Host.Store;

/// <summary>The region's store could not do what was asked. <see cref="Exception.Message"/> is written for the operator.</summary>
/// <param name="code">Stable: store.unreachable, store.refused, store.start_failed, store.invalid_name.</param>
/// <param name="message">What went wrong.</param>
/// <param name="retryable">Whether the same call may succeed later.</param>
/// <param name="inner">The cause, if another exception was.</param>
internal sealed class StoreException(
    string code,
    string message,
    bool retryable,
    Exception? inner = null
) : Exception(message, inner)
{
    public string Code { get; } = code;

    public bool Retryable { get; } = retryable;
}
