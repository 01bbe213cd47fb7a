namespace Dbaas.Host.Containers;

/// <summary>
/// Containers of this region, by short name. They outlive the daemon: a new daemon finds them by state. Every call is an ensure and
/// may be repeated; calls for the same name must not overlap (the callers serialise per object).
/// </summary>
internal interface IContainers
{
    /// <summary>Makes the container if absent; leaves an existing one as it is, whatever its state.</summary>
    /// <exception cref="ContainerException">The runtime refused; the message holds its reason.</exception>
    Task EnsureCreatedAsync(ContainerSpec spec, CancellationToken cancellationToken);

    /// <summary>Starts a created container; nothing to do when it runs.</summary>
    /// <exception cref="ContainerException">Absent, or ended before: a container starts once. Delete and create again.</exception>
    Task StartAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Running, whatever was before: an ended container is deleted and made again, a running one is left alone (adopted), even if
    /// its spec differs.
    /// </summary>
    Task EnsureRunningAsync(ContainerSpec spec, CancellationToken cancellationToken);

    Task<ContainerStatus> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>All containers of this region, including those no state file knows.</summary>
    Task<IReadOnlyList<ContainerStatus>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Sends a signal (e.g. 15, or 12 for SIGUSR2) to PID 1. False when it does not run.</summary>
    Task<bool> SignalAsync(string name, int signal, CancellationToken cancellationToken);

    /// <summary>SIGTERM to PID 1, SIGKILL to all once <paramref name="grace"/> has passed. Returns when nothing runs.</summary>
    Task StopAsync(string name, TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Kills every process of the container's cgroup and returns only when the cgroup is empty.</summary>
    /// <exception cref="ContainerException">Processes are left after 10 seconds (stuck in the kernel).</exception>
    Task FenceAsync(string name, CancellationToken cancellationToken);

    /// <summary>Fences, then removes container, overlay, bundle and cgroup. False when there was nothing at all.</summary>
    Task<bool> DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Changes the limits of a running container.</summary>
    /// <exception cref="ContainerException">The kernel refused, e.g. memory in use lies above the new limit.</exception>
    Task ResizeAsync(
        string name,
        double? cpu,
        long? memoryBytes,
        CancellationToken cancellationToken
    );

    /// <summary>What the container uses now; zeros when it has no cgroup.</summary>
    ContainerUsage GetUsage(string name);

    /// <summary>File with the container's standard output and error; may not exist yet.</summary>
    string ConsoleLog(string name);
}

/// <summary>Readings of a container's cgroup.</summary>
/// <param name="MemoryBytes">Now in use, page cache included.</param>
/// <param name="CpuNanoseconds">Since creation.</param>
/// <param name="OutOfMemoryKills">Processes the kernel killed because of the limit, since creation.</param>
/// <param name="Processes">Live processes.</param>
internal sealed record ContainerUsage(
    long MemoryBytes,
    long CpuNanoseconds,
    long OutOfMemoryKills,
    int Processes
);
