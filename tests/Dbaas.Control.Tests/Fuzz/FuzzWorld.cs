using System.Collections.Concurrent;
using System.Globalization;

namespace Dbaas.Control.Tests.Fuzz;

/// <summary>What the requests speak of: keys to call with, names that exist, and secrets that must stay where they were put.</summary>
internal sealed class FuzzWorld
{
    /// <summary>Every planted text begins so.</summary>
    public const string CanaryPrefix = "planted-secret-";

    /// <summary>API keys, passwords: found out on the way as well.</summary>
    public ConcurrentDictionary<string, byte> Secrets { get; } = new();

    /// <summary>Name of a member or parameter, and texts that fit it.</summary>
    public Dictionary<string, string[]> Names { get; } = [];

    public required string OwnerKey { get; init; }

    public required string AdminKey { get; init; }

    public required string ViewerKey { get; init; }

    public string? Known(string name, Random random) =>
        Names.TryGetValue(name, out var known) ? known[random.Next(known.Length)] : null;

    public static string Canary(Random random) =>
        CanaryPrefix + random.Next(1_000_000).ToString(CultureInfo.InvariantCulture);
}
