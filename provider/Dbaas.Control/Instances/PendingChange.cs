using System.Text.Json.Serialization;
using Dbaas.Client.Instances;

namespace Dbaas.Control.Instances;

/// <summary>A change that waits for a restart, or for a stop.</summary>
/// <param name="Property">JSON pointer.</param>
/// <param name="Reason">Why it waits.</param>
/// <param name="DueAt">Start of the window that brings it; null when a restart by hand is awaited.</param>
internal sealed record PendingChange(string Property, string Reason, DateTimeOffset? DueAt)
{
    /// <summary>The property of a growth that stops the engine.</summary>
    public const string Growth = "/storageGib";

    /// <summary>The property of a move to a newer image.</summary>
    public const string Image = "/engineVersion";

    [JsonIgnore]
    public bool IsImage => Property == Image;

    [JsonIgnore]
    public bool IsGrowth => Property == Growth;

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
