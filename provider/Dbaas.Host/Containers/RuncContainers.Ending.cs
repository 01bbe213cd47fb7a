using Dbaas.Host.Native;

namespace Dbaas.Host.Containers;

/// <summary>How a container's processes end: asked, or for certain.</summary>
internal sealed partial class RuncContainers
{
    private static readonly TimeSpan KillDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public async Task<bool> SignalAsync(
        string name,
        int signal,
        CancellationToken cancellationToken
    ) =>
        await GetAsync(name, cancellationToken) is { IsRunning: true, Pid: > 1 } status
        && Signals.Send(status.Pid, signal);

    public async Task StopAsync(string name, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (await SignalAsync(name, Signals.Terminate, cancellationToken))
        {
            await EmptiesAsync(name, grace, cancellationToken);
        }
        await FenceAsync(name, cancellationToken);
    }

    public async Task FenceAsync(string name, CancellationToken cancellationToken)
    {
        var path = names.Cgroup(name);
        var started = time.GetTimestamp();
        while (cgroups.Processes(path) is { Count: > 0 } processes)
        {
            if (time.GetElapsedTime(started) > KillDeadline)
            {
                throw new ContainerException(
                    $"Container {name} still has {processes.Count} processes 10 s after SIGKILL; they are stuck in the kernel."
                );
            }
            // Frozen first: a process that forks faster than we kill would get away otherwise.
            cgroups.Freeze(path, frozen: true);
            foreach (var pid in cgroups.Processes(path))
            {
                Signals.Send(pid, Signals.Kill);
            }
            cgroups.Freeze(path, frozen: false);
            await EmptiesAsync(name, TimeSpan.FromSeconds(1), cancellationToken);
        }
        // A process leaves its cgroup a moment before it counts as ended; a start in that moment would take the container for running.
        while ((await GetAsync(name, cancellationToken)).State is "running" or "created")
        {
            if (time.GetElapsedTime(started) > KillDeadline)
            {
                throw new ContainerException(
                    $"Container {name} has no process left, but counts as running 10 s after SIGKILL."
                );
            }
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Waits until no process is left; false when time ran out.</summary>
    private async Task<bool> EmptiesAsync(
        string name,
        TimeSpan deadline,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        while (cgroups.Processes(names.Cgroup(name)).Count > 0)
        {
            if (time.GetElapsedTime(started) > deadline)
            {
                return false;
            }
            await Task.Delay(Pause, time, cancellationToken);
        }
        return true;
    }
}
