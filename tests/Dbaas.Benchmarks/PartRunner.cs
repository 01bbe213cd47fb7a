using Dbaas.Benchmarks.Figures;

namespace Dbaas.Benchmarks;

/// <summary>Runs the parts that are wanted, each by itself: the figures of the others took minutes and must not be lost with one.</summary>
/// <param name="options">Which parts are wanted.</param>
/// <param name="skipped">Gets the parts that failed, with the reason.</param>
internal sealed class PartRunner(BenchmarkOptions options, List<string> skipped)
{
    /// <summary>What stands in the reason of a part that failed, between its name and why.</summary>
    public const string Failed = ", because it failed: ";
    private readonly List<Comparison> comparisons = [];

    /// <summary>What was measured so far.</summary>
    public IReadOnlyList<Comparison> Comparisons => comparisons;

    public async Task MeasureAsync(string part, Func<Task<IReadOnlyList<Comparison>>> measure)
    {
        if (!options.Wants(part))
        {
            return;
        }

        try
        {
            comparisons.AddRange(await measure());
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Console.WriteLine($"{part} failed: {error}");
            skipped.Add($"{part}{Failed}{error.Message.Split('\n')[0]}");
        }
    }
}
