namespace Dbaas.Benchmarks.Figures;

/// <param name="Limit">The value that still meets it.</param>
/// <param name="OfRatio">Whether it speaks of the ratio to the peer or of the figure itself.</param>
/// <param name="IsFloor">Whether more is better, as with requests a second.</param>
internal sealed record Goal(double Limit, bool OfRatio, bool IsFloor = false)
{
    /// <summary>A ratio to the peer that must be reached.</summary>
    public static Goal AtLeast(double ratio) => new(ratio, OfRatio: true, IsFloor: true);

    public bool IsMetBy(double value) => IsFloor ? value >= Limit : value <= Limit;
}
