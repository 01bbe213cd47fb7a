namespace Dbaas.Benchmarks.Figures;

/// <summary>A figure beside what it is compared with, measured in the same run.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Of figure and peer, e.g. s or MiB.</param>
/// <param name="Format">Numeric format of a value.</param>
/// <param name="Figure">Ours.</param>
/// <param name="PeerName">What the peer did; empty when there is none.</param>
/// <param name="Peer">The peer's, null when the figure only has a goal of its own.</param>
/// <param name="Goal">Null when nothing was promised.</param>
internal sealed record Comparison(
    string Name,
    string Unit,
    string Format,
    Series Figure,
    string PeerName,
    Series? Peer,
    Goal? Goal
)
{
    /// <summary>Ours over the peer's, of the medians.</summary>
    public double? Ratio => Peer is null ? null : Figure.Median / Peer.Median;

    /// <summary>What the goal is held against.</summary>
    public double Judged =>
        Goal is { OfRatio: true }
            ? Ratio ?? throw new InvalidOperationException($"{Name} has no peer.")
            : Figure.Median;

    public bool Missed => Goal is not null && !Goal.IsMetBy(Judged);
}
