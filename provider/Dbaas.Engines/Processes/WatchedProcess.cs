using Dbaas.Common;

namespace Dbaas.Engines.Processes;

/// <summary>
/// A process that may or may not be our child, held by a pid descriptor: its end is noticed at once, and a signal never reaches a
/// stranger who got the same number.
/// </summary>
internal sealed class WatchedProcess
{
    private WatchedProcess(int pid, Task exited)
    {
        Pid = pid;
        Exited = exited;
    }

    public int Pid { get; }

    /// <summary>Completes when the process has ended (and, being a child, was reaped).</summary>
    public Task Exited { get; }

    public bool HasExited => Exited.IsCompleted;

    /// <summary>Null when no such process runs any more.</summary>
    public static WatchedProcess? Attach(int pid) =>
        // Only a parent can reap; for an adopted process the reaper (PID 1) does, and the call fails harmlessly.
        ProcessWatch.Begin(pid, () => _ = Libc.WaitPid(pid, out _, Libc.NoHang))
            is { } exited
            ? new WatchedProcess(pid, exited)
            : null;

    /// <summary>Sends a signal; false when the process is gone.</summary>
    public bool Signal(int signal) => !HasExited && Libc.Kill(Pid, signal) == 0;

    /// <summary>Sends one signal after the other, each when the process outlived the time that the one before left it.</summary>
    public async Task EndAsync(
        TimeProvider time,
        CancellationToken cancellationToken,
        params IEnumerable<(int Signal, TimeSpan Limit)> signals
    )
    {
        foreach (var (signal, limit) in signals)
        {
            if (!Signal(signal) || await ExitsWithinAsync(limit, time, cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>True when the process ended within the time.</summary>
    public async Task<bool> ExitsWithinAsync(
        TimeSpan limit,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await Exited.WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
