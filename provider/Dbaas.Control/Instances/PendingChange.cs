using Dbaas.Client.Instances;

namespace Dbaas.Control.Instances;

/// <summary>A change that waits for a restart.</summary>
/// <param name="Property">JSON pointer.</param>
/// <param name="Reason">Why it waits.</param>
/// <param name="DueAt">Start of the window that brings it; null when a restart by hand is awaited.</param>
internal sealed record PendingChange(string Property, string Reason, DateTimeOffset? DueAt)
{
    public PendingChangeView ToView() =>
        new(
            Property,
            Reason,
            DueAt?.ToString(
                "yyyy-MM-dd'T'HH:mm:ss'Z'",
                System.Globalization.CultureInfo.InvariantCulture
            ) ?? ""
        );
}
