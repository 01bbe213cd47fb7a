using System.Globalization;

namespace Dbaas.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>File the report is written to; null prints it only.</summary>
    public string? Report { get; init; }

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
                "--rounds" => options with { Rounds = Number(value, 1) },
                "--load-rounds" => options with { LoadRounds = Number(value, 0) },
                "--load-seconds" => options with { LoadSeconds = Number(value, 1) },
                var other => throw new ArgumentException(
                    $"{other} is unknown; there are --report, --rounds, --load-rounds and --load-seconds."
                ),
            };
        }

        return options;
    }

    private static int Number(string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least
            ? number
            : throw new ArgumentException($"{value} is no whole number from {least} on.");
}
