using System.Globalization;

namespace Dbaas.Engines.Members;

/// <summary>
/// Measures now and then how long the volume takes to make a small write durable. Storage that has become slow shows itself to clients
/// as a database that is slow for no reason; this names the reason.
/// </summary>
internal sealed class StorageProbe(string volume, TimeProvider time)
{
    /// <summary>
    /// Enough that a limit shows: the kernel counts in slices of a tenth of a second and lets up to two of them through before it holds
    /// anybody up (158 ms' worth measured, while others wrote too). Every 15 s that is 4.5 GB a day.
    /// </summary>
    private const int ProbeBytes = 768 << 10;

    /// <summary>Less than 7.5 MiB/s. Storage worth its name takes a tenth of that time, also with encryption.</summary>
    private static readonly TimeSpan SlowFrom = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan FastBelow = TimeSpan.FromMilliseconds(50);

    /// <summary>Three looks in a row must agree: one slow write is a busy moment, and detection stays below a minute.</summary>
    private const int Looks = 3;

    private readonly Queue<TimeSpan> _seen = new();
    private readonly byte[] _bytes = new byte[ProbeBytes];
    private volatile Trouble _trouble = Trouble.None;

    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Set while the storage is slow.</summary>
    public Trouble Trouble => _trouble;

    /// <summary>Writes, flushes and judges.</summary>
    /// <exception cref="IOException">The volume takes no writes at all.</exception>
    public void Look()
    {
        var started = time.GetTimestamp();
        using (
            var file = new FileStream(
                Path.Combine(volume, "agent", "probe"),
                new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write }
            )
        )
        {
            // Other bytes each time, so that no layer below can spare the write.
            Random.Shared.NextBytes(_bytes);
            file.Write(_bytes);
            file.Flush(flushToDisk: true);
        }

        Judge(time.GetElapsedTime(started));
    }

    /// <summary>Takes one measurement into account.</summary>
    internal void Judge(TimeSpan took)
    {
        _seen.Enqueue(took);
        if (_seen.Count > Looks)
        {
            _seen.Dequeue();
        }

        // The fastest of the last looks: a limit or a dying disk slows all of them, a neighbour only some.
        var fastest = _seen.Min();
        if (_seen.Count == Looks && fastest > SlowFrom && _trouble == Trouble.None)
        {
            _trouble = new(
                Protocol.Agent.AgentFailures.SlowStorage,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Slow storage: the volume takes {fastest.TotalMilliseconds:0} ms to make {ProbeBytes >> 10} KiB durable, where less than {FastBelow.TotalMilliseconds:0} ms is usual. Look at the host's disk; if the database itself writes as much as its size allows, raise cpu."
                ),
                time.GetUtcNow()
            );
        }
        else if (took < FastBelow)
        {
            _trouble = Trouble.None;
        }
    }
}
