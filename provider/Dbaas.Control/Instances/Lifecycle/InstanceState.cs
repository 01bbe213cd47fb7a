using System.Text.Json.Serialization;
using Dbaas.Control.Ids;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>
/// What the steps of an instance's operations hand on. Ids only, no secrets: what is secret stays in the vault, and what may change
/// stays in its row.
/// </summary>
internal sealed record InstanceState
{
    public required InstanceId Instance { get; init; }
    public required string Region { get; init; }

    /// <summary>Of this operation; hosts refuse calls of older ones.</summary>
    public required ulong Epoch { get; init; }
    public required IReadOnlyList<MemberState> Members { get; init; }
    public required EndpointId Endpoint { get; init; }
    public string ImageId { get; init; } = "";

    /// <summary>Update only: the image to go back to; null when it stays.</summary>
    public string? ImageBefore { get; init; }

    /// <summary>Update only: since when the engine is stopped so that its machine can get another image; null when it need not.</summary>
    public DateTimeOffset? StoppedForImageAt { get; init; }

    /// <summary>Whether <see cref="ImageId"/> is another image than the machine had.</summary>
    [JsonIgnore]
    public bool MovesToImage => ImageBefore is not null;

    /// <summary>Update only: what was desired before, to go back to.</summary>
    public InstanceSpec? Before { get; init; }

    /// <summary>
    /// Bytes that the machine has when the operation begins. Null when what waited is tried now: the way back leads to what the engine ran
    /// with, which may be less.
    /// </summary>
    public long? MemoryBytesBefore { get; init; }

    /// <summary>Update only: bytes that each machine has once the operation is taken back to <paramref name="before"/>.</summary>
    public long MemoryBackTo(InstanceSpec before) => MemoryBytesBefore ?? before.MemoryBytes();

    /// <summary>Update only: the customer key to go back to; null when it stays.</summary>
    public KeyId? KeyBefore { get; init; }

    /// <summary>Update only: the customer key that shall wrap the data keys; null when it stays.</summary>
    public KeyId? KeyAfter { get; init; }

    /// <summary>Update only: restart now if settings need it, whatever the policy says (a window is open, or the user asked).</summary>
    public bool RestartAllowed { get; init; }

    /// <summary>Update only: since when the engine is stopped so that its volume can grow; null when it need not.</summary>
    public DateTimeOffset? StoppedToGrowAt { get; init; }

    /// <summary>Update only: the volume grows in the maintenance window, because the engine must stop for it.</summary>
    public bool GrowthWaits { get; init; }

    /// <summary>Settings that wait for a restart, as the members reported them.</summary>
    public IReadOnlyList<string> PendingRestart { get; init; } = [];

    /// <summary>Longest time in seconds that writes were refused by this operation.</summary>
    public double WriteOutageSeconds { get; init; }

    /// <summary>Full version that runs, as the members reported it.</summary>
    public string ActualVersion { get; init; } = "";

    /// <summary>Named phases of the engine's start in milliseconds, for benchmarks.</summary>
    public IReadOnlyDictionary<string, double> PhaseMilliseconds { get; init; } =
        new Dictionary<string, double>();
}
