using System.Globalization;
using System.Reflection;
using Dbaas.Host.Configuration;
using Dbaas.Host.Containers;
using Dbaas.Host.Enrolment;
using Dbaas.Host.Machines;
using Dbaas.Host.Native;
using Dbaas.Host.State;
using Dbaas.Host.Volumes;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Facts;

/// <summary>What this host is and has, and in words what it cannot do.</summary>
internal sealed class HostFactsReader(
    HostSettings settings,
    Cgroups cgroups,
    UserNamespaces userNamespaces,
    RuncMachines machines,
    EncryptedVolumes volumes,
    StateFolder<HostIdentityRecord> identity,
    StateFolder<WriteSpeedRecord> speed
)
{
    public async Task<HostFacts> ReadAsync()
    {
        var disk = new DriveInfo(settings.Root);
        var measured = speed.Load("write") ?? new(0, 0);
        var inUserNamespace = await userNamespaces.WorkAsync();
        var all = machines.List();
        var facts = new HostFacts
        {
            HostId = identity.Load("host")?.HostId ?? "",
            InstallationId = settings.InstallationId,
            Region = settings.Region,
            Version =
                typeof(HostFactsReader)
                    .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                    ?.InformationalVersion
                ?? "",
            Cpus = Environment.ProcessorCount,
            MemoryBytes = MemoryBytes(),
            DiskTotalBytes = disk.TotalSize,
            DiskFreeBytes = disk.AvailableFreeSpace,
            CgroupVersion = cgroups.Version,
            UserNamespaces = inUserNamespace,
            EncryptedWriteBytesPerSecond = measured.EncryptedBytesPerSecond,
            PlainWriteBytesPerSecond = measured.PlainBytesPerSecond,
            Kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            MemoryReservedBytes = all.Sum(machine => machine.MemoryBytes),
            VolumeReservedBytes = volumes.List().Sum(volume => volume.SizeBytes),
            CpuReserved = all.Sum(machine => machine.Cpu),
            BoxId = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(),
            GrowsMountedVolumes = Capabilities.Has(Capabilities.SystemResource),
        };
        facts.Notes.AddRange(Notes(measured, inUserNamespace));
        return facts;
    }

    private IEnumerable<string> Notes(WriteSpeedRecord measured, bool inUserNamespace)
    {
        if (cgroups.Version == 1)
        {
            yield return "cgroup v1: I/O ceilings hold for direct and synchronous I/O only; buffered writes escape them.";
        }
        if (!inUserNamespace)
        {
            yield return "No user namespaces: machines run under an unprivileged uid of the host itself.";
        }
        if (!Capabilities.Has(Capabilities.SystemResource))
        {
            yield return "CAP_SYS_RESOURCE is missing: a volume grows only while its machine is stopped.";
        }
        if (
            measured.EncryptedBytesPerSecond > 0
            && measured.EncryptedBytesPerSecond * 3 < measured.PlainBytesPerSecond
        )
        {
            yield return $"Encrypted writes reach {measured.EncryptedBytesPerSecond >> 20} MiB/s against {measured.PlainBytesPerSecond >> 20} plain: this kernel does AES without the processor's instructions.";
        }
    }

    private static long MemoryBytes()
    {
        var line = File.ReadLines("/proc/meminfo").First(); // MemTotal: n kB
        var number = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return long.Parse(number, CultureInfo.InvariantCulture) * 1024;
    }
}
