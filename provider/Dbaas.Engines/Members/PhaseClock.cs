namespace Dbaas.Engines.Members;

/// <summary>Takes the time of the named phases of one request.</summary>
internal sealed class PhaseClock(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, double> _phases = new(StringComparer.Ordinal);
    private long _mark = time.GetTimestamp();

    public IReadOnlyDictionary<string, double> Milliseconds
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<string, double>(_phases);
            }
        }
    }

    /// <summary>Ends a phase that began where the last one ended.</summary>
    public void End(string phase)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            Add(phase, time.GetElapsedTime(_mark, now));
            _mark = now;
        }
    }

    private void Add(string phase, TimeSpan elapsed) =>
        _phases[phase] =
            _phases.GetValueOrDefault(phase) + Math.Round(elapsed.TotalMilliseconds, 2);
}
