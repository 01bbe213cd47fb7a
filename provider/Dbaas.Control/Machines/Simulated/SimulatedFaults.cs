namespace Dbaas.Control.Machines.Simulated;

/// <summary>
/// Decides which simulated calls go wrong: scripted ones first, then by chance from a seed. The same seed and the same order of calls
/// give the same faults. Safe to share between threads.
/// </summary>
/// <param name="seed">Source of all chance.</param>
/// <param name="probability">0 to 1: how likely an unscripted call goes wrong in a way that a repeat mends.</param>
/// <param name="maximumDelay">Calls are delayed by up to this much; zero for none.</param>
public sealed class SimulatedFaults(int seed, double probability, TimeSpan maximumDelay)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, Queue<SimulatedFaultMode>> _scripted = [];

    /// <summary>No faults, no delays, until some are scripted.</summary>
    public SimulatedFaults()
        : this(0, 0, TimeSpan.Zero) { }

    /// <summary>The next <paramref name="times"/> calls of <paramref name="verb"/> go wrong.</summary>
    /// <param name="verb">Method name without Async, e.g. <c>CreateVolume</c>; agent calls are <c>Agent</c> plus the path.</param>
    /// <param name="mode">How.</param>
    /// <param name="times">How often.</param>
    public void Script(string verb, SimulatedFaultMode mode, int times = 1)
    {
        lock (_gate)
        {
            if (!_scripted.TryGetValue(verb, out var queue))
            {
                _scripted[verb] = queue = new Queue<SimulatedFaultMode>();
            }

            for (var i = 0; i < times; i++)
            {
                queue.Enqueue(mode);
            }
        }
    }

    /// <summary>How many scripted faults of <paramref name="verb"/> no call has met yet.</summary>
    public int Left(string verb)
    {
        lock (_gate)
        {
            return _scripted.TryGetValue(verb, out var queue) ? queue.Count : 0;
        }
    }

    /// <summary>Forgets everything scripted.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _scripted.Clear();
        }
    }

    internal (SimulatedFaultMode? Mode, TimeSpan Delay) Draw(string verb)
    {
        lock (_gate)
        {
            var delay =
                maximumDelay > TimeSpan.Zero ? maximumDelay * _random.NextDouble() : TimeSpan.Zero;
            if (_scripted.TryGetValue(verb, out var queue) && queue.TryDequeue(out var mode))
            {
                return (mode, delay);
            }

            if (probability <= 0 || _random.NextDouble() >= probability)
            {
                return (null, delay);
            }

            // A lost answer costs the caller its whole deadline, so chance draws only the two quick ones.
            return (
                _random.Next(2) == 0 ? SimulatedFaultMode.FailBefore : SimulatedFaultMode.FailAfter,
                delay
            );
        }
    }
}
