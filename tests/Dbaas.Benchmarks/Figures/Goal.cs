namespace Dbaas.Benchmarks.Figures;

/// <param name="Ceiling">Largest value that still meets it.</param>
/// <param name="OfRatio">Whether it speaks of the ratio to the peer or of the figure itself.</param>
internal sealed record Goal(double Ceiling, bool OfRatio);
