namespace Dbaas.Host.Gateway;

/// <summary>The gateway could not do what was asked. <see cref="Exception.Message"/> is written for the operator.</summary>
/// <param name="code">Stable: gateway.invalid, gateway.stale_epoch, gateway.refused, gateway.start_failed.</param>
/// <param name="message">What went wrong.</param>
/// <param name="retryable">Whether the same call may succeed later.</param>
/// <param name="inner">The cause, if another exception was.</param>
internal sealed class GatewayException(
    string code,
    string message,
    bool retryable,
    Exception? inner = null
) : Exception(message, inner)
{
    public string Code { get; } = code;

    public bool Retryable { get; } = retryable;
}
