using System.Runtime.InteropServices;

namespace Dbaas.Engines.Processes;

/// <summary>
/// A process that may or may not be our child, held by a pid descriptor: its end is noticed at once, and a signal never reaches a
/// stranger who got the same number.
/// </summary>
internal sealed class WatchedProcess
{
    // Watching is one blocking poll; the default megabyte and a half of stack would be waste.
    private const int StackBytes = 256 * 1024;
    private const short PollIn = 1;
    private const int Interrupted = 4;
    private readonly TaskCompletionSource _exited = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private WatchedProcess(int pid, int descriptor)
    {
        Pid = pid;
        new Thread(() => Wait(descriptor), StackBytes)
        {
            IsBackground = true,
            Name = $"watch-{pid}",
        }.Start();
    }

    public int Pid { get; }

    /// <summary>Completes when the process has ended (and, being a child, was reaped).</summary>
    public Task Exited => _exited.Task;

    public bool HasExited => _exited.Task.IsCompleted;

    /// <summary>Null when no such process runs any more.</summary>
    public static WatchedProcess? Attach(int pid)
    {
        var descriptor = Libc.OpenPidFd(pid);
        return descriptor < 0 ? null : new WatchedProcess(pid, descriptor);
    }

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

    private void Wait(int descriptor)
    {
        var poll = new Libc.PollDescriptor { Descriptor = descriptor, Events = PollIn };
        while (Libc.Poll(ref poll, 1, -1) < 0 && Marshal.GetLastPInvokeError() == Interrupted) { }

        // Only a parent can reap; for an adopted process the reaper (PID 1) does, and the call fails harmlessly.
        _ = Libc.WaitPid(Pid, out _, Libc.NoHang);
        _ = Libc.Close(descriptor);
        _exited.SetResult();
    }
}
