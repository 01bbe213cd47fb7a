namespace Dbaas.Control.Machines;

/// <summary>A driver could not do what was asked.</summary>
/// <param name="code">Stable code, area.reason.</param>
/// <param name="message">In words an operator can act on.</param>
/// <param name="retryable">Whether the same call may succeed later.</param>
/// <param name="inner">What caused it.</param>
public sealed class MachineDriverException(
    string code,
    string message,
    bool retryable,
    Exception? inner = null
) : Exception(message, inner)
{
    /// <summary>The call was sent at an epoch before the last one that changed the object.</summary>
    public const string StaleEpoch = "machine.stale_epoch";

    /// <summary>Stable code, area.reason.</summary>
    public string Code { get; } = code;

    /// <summary>Whether the same call may succeed later.</summary>
    public bool Retryable { get; } = retryable;
}
