namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>
/// What the status of an instance says, of two who may have something to say at the same time: silence of the host first, because
/// all else is then only the last that was known; behind it that.
/// </summary>
/// <param name="Silence">Since when the host has not answered; empty while it does.</param>
/// <param name="Known">What is known of the database itself; empty when there is nothing to tell.</param>
internal sealed record StatusWords(string Silence, string Known)
{
    /// <summary>How what is said of a silent host begins.</summary>
    public const string SilenceBegins = "The host has not answered since ";

    private const string Between = " Last known: ";

    /// <summary>Takes apart what <see cref="ToString"/> made.</summary>
    public static StatusWords Of(string statusReason)
    {
        if (!statusReason.StartsWith(SilenceBegins, StringComparison.Ordinal))
        {
            return new("", statusReason);
        }

        var at = statusReason.IndexOf(Between, StringComparison.Ordinal);
        return at < 0
            ? new(statusReason, "")
            : new(statusReason[..at], statusReason[(at + Between.Length)..]);
    }

    /// <summary>As it stands in the status.</summary>
    public override string ToString() =>
        Silence.Length > 0 && Known.Length > 0 ? Silence + Between + Known : Silence + Known;
}
