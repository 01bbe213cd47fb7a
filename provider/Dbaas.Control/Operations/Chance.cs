namespace Dbaas.Control.Operations;

/// <summary>Where the spread of pauses comes from: one source that tests can seed. Safe to share between threads.</summary>
internal sealed class Chance(Random random)
{
    private readonly Lock _gate = new();

    /// <summary>0 to 1.</summary>
    public double Next()
    {
        lock (_gate)
        {
            return random.NextDouble();
        }
    }
}
