using Dbaas.Host.Configuration;
using Dbaas.Host.Containers;
using Dbaas.Host.Native;

namespace Dbaas.Host.Machines;

/// <summary>
/// Sets a machine's I/O ceiling on the device of its volume. On cgroup v1 it holds for direct and synchronous I/O only; pages written
/// back later are not counted. The host's facts say so.
/// </summary>
internal sealed class IoLimits(Cgroups cgroups, KernelNames names)
{
    public void Set(string machineId, string mountPoint, IoCeiling ceiling)
    {
        if (MountTable.Find(mountPoint) is not { } mount)
        {
            return;
        }
        var path = names.Cgroup(machineId);
        if (cgroups.Version == 2)
        {
            var (ops, bytes) = ceiling;
            Write(
                cgroups.FilePath("", path, "io.max"),
                $"{mount.Device} rbps={bytes} wbps={bytes} riops={ops} wiops={ops}"
            );
            return;
        }
        foreach (var direction in (string[])["read", "write"])
        {
            Write(
                cgroups.FilePath("blkio", path, $"blkio.throttle.{direction}_iops_device"),
                $"{mount.Device} {ceiling.OperationsPerSecond}"
            );
            Write(
                cgroups.FilePath("blkio", path, $"blkio.throttle.{direction}_bps_device"),
                $"{mount.Device} {ceiling.BytesPerSecond}"
            );
        }
    }

    private static void Write(string file, string value)
    {
        // Kernels without throttling have no such file; the facts tell the operator.
        if (File.Exists(file))
        {
            File.WriteAllText(file, value);
        }
    }
}
