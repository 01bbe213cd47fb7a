using System.Globalization;
using Dbaas.Benchmarks.Changes;

namespace Dbaas.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>File the report is written to; null prints it only.</summary>
    public string? Report { get; init; }

    /// <summary>Parts to run; empty for all.</summary>
    public IReadOnlySet<string> Only { get; init; } = new HashSet<string>();

    /// <summary>Simulated instances that the control service is looked at with.</summary>
    public int Instances { get; init; } = 10_000;

    /// <summary>Resources of the configuration that is planned, refreshed and previewed.</summary>
    public int Resources { get; init; } = 1_000;

    /// <summary>Names of the parts, in the order they run.</summary>
    public static IReadOnlyList<string> Parts { get; } =
    ["provider", .. InstallationParts.Names, "loads", "requests", "burst", "thousand", "fleet"];

    /// <summary>Whether a part is wanted.</summary>
    public bool Wants(params IEnumerable<string> parts) =>
        Only.Count == 0 || parts.Any(Only.Contains);

    /// <summary>Creates and starts of the provider.</summary>
    public int Rounds { get; init; } = 7;

    /// <summary>Runs of each pgbench script; 0 leaves them out.</summary>
    public int LoadRounds { get; init; } = 3;

    /// <summary>Length of each.</summary>
    public int LoadSeconds { get; init; } = 10;

    /// <exception cref="ArgumentException">An option nobody knows, or one without its value.</exception>
    public static BenchmarkOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchmarkOptions();
        for (var index = 0; index < arguments.Count; index += 2)
        {
            var value =
                index + 1 < arguments.Count
                    ? arguments[index + 1]
                    : throw new ArgumentException($"{arguments[index]} needs a value.");
            options = arguments[index] switch
            {
                "--report" => options with { Report = value },
                "--only" => options with { Only = PartsOf(value) },
                "--instances" => options with { Instances = Number(value, 20) },
                "--resources" => options with { Resources = Number(value, 20) },
                "--rounds" => options with { Rounds = Number(value, 1) },
                "--load-rounds" => options with { LoadRounds = Number(value, 0) },
                "--load-seconds" => options with { LoadSeconds = Number(value, 1) },
                var other => throw new ArgumentException(
                    $"{other} is unknown; there are --report, --only, --instances, --resources, --rounds, --load-rounds and --load-seconds."
                ),
            };
        }

        return options;
    }

    private static HashSet<string> PartsOf(string value)
    {
        var parts = value.Split(',', StringSplitOptions.TrimEntries).ToHashSet();
        return parts.IsSubsetOf(Parts)
            ? parts
            : throw new ArgumentException($"{value}: the parts are {string.Join(", ", Parts)}.");
    }

    private static int Number(string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least
            ? number
            : throw new ArgumentException($"{value} is no whole number from {least} on.");
}
