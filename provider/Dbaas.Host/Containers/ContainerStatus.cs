namespace Dbaas.Host.Containers;

/// <summary>A container as the kernel has it now.</summary>
/// <param name="Name">Short name, as in <see cref="ContainerSpec.Name"/>.</param>
/// <param name="State">absent, created, running, stopped or paused.</param>
/// <param name="Pid">Host's pid of PID 1; 0 when none.</param>
/// <param name="CreatedAt">RFC 3339, empty when absent.</param>
internal sealed record ContainerStatus(string Name, string State, int Pid, string CreatedAt)
{
    public static ContainerStatus Absent(string name) => new(name, "absent", 0, "");

    public bool IsRunning => State is "running" or "paused";
}
