namespace Dbaas.Stacks.Settings;

/// <summary>The stack's configuration is wrong; the message lists every fault with what to write instead.</summary>
public sealed class StackSettingsException(IReadOnlyList<string> faults)
    : Exception(
        "The stack's configuration is not right:" + string.Concat(faults.Select(f => "\n  " + f))
    )
{
    /// <summary>One sentence a fault.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
