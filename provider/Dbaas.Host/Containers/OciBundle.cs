using System.Text.Json.Nodes;

namespace Dbaas.Host.Containers;

/// <summary>
/// Turns a <see cref="ContainerSpec"/> into an OCI runtime configuration (opencontainers/runtime-spec 1.0.2). Pure.
/// </summary>
internal static class OciBundle
{
    private const int CpuPeriodMicroseconds = 100_000;

    /// <summary>
    /// Root of a user namespace is mapped to the machine's uid plus this: a uid that owns nothing, so even a process that became
    /// "root" inside could touch no file on the host.
    /// </summary>
    private const int InnerRootOffset = 100_000;

    /// <summary>Uid the container sees for itself.</summary>
    public static int VisibleUid(ContainerSpec spec, bool userNamespaces) =>
        spec.UserNamespace && userNamespaces ? spec.InnerUid : spec.HostUid;

    /// <summary>CPU ceiling as the kernel's quota, in microseconds per 100 ms.</summary>
    public static long CpuQuota(double cores) =>
        Math.Max(1000, (long)Math.Round(cores * CpuPeriodMicroseconds));

    public static JsonObject Config(
        ContainerSpec spec,
        string rootPath,
        string cgroupPath,
        JsonNode seccomp,
        bool userNamespaces
    )
    {
        var uid = VisibleUid(spec, userNamespaces);
        return new JsonObject
        {
            ["ociVersion"] = "1.0.2",
            ["hostname"] = spec.HostName,
            ["root"] = new JsonObject { ["path"] = rootPath, ["readonly"] = true },
            ["process"] = Process(spec, uid),
            ["mounts"] = Mounts(spec, uid),
            ["linux"] = Linux(spec, cgroupPath, seccomp, userNamespaces),
        };
    }

    private static JsonObject Process(ContainerSpec spec, int uid) =>
        new()
        {
            ["terminal"] = false,
            ["user"] = new JsonObject
            {
                ["uid"] = uid,
                ["gid"] = uid,
                ["umask"] = 63, // 0077
            },
            ["args"] = Strings(spec.Command),
            ["env"] = Strings([
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME=/tmp",
                "LANG=C.UTF-8",
                .. spec.Environment.Select(pair => $"{pair.Key}={pair.Value}"),
            ]),
            ["cwd"] = spec.WorkingDirectory,
            ["noNewPrivileges"] = true,
            ["capabilities"] = new JsonObject
            {
                ["bounding"] = new JsonArray(),
                ["effective"] = new JsonArray(),
                ["permitted"] = new JsonArray(),
                ["inheritable"] = new JsonArray(),
                ["ambient"] = new JsonArray(),
            },
            // Without CAP_SYS_RESOURCE runc cannot raise limits and refuses to start when any is listed.
            ["rlimits"] = new JsonArray(),
        };

    private static JsonArray Mounts(ContainerSpec spec, int uid)
    {
        // What shared memory takes counts against the memory limit anyway; a second, lower bound would only break large settings.
        var shared = spec.MemoryBytes is { } limit ? $"size={limit / 1024}k" : "size=64m";
        var mounts = new JsonArray
        {
            Mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
            Mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=1024k"),
            Mount(
                "/dev/pts",
                "devpts",
                "devpts",
                "nosuid",
                "noexec",
                "newinstance",
                "ptmxmode=0666",
                "mode=0620"
            ),
            Mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", shared),
            Mount("/tmp", "tmpfs", "tmpfs", "nosuid", "nodev", "mode=1777", "size=256m"),
            Mount(
                "/run",
                "tmpfs",
                "tmpfs",
                "nosuid",
                "nodev",
                "noexec",
                "mode=755",
                $"uid={uid}",
                $"gid={uid}",
                "size=64m"
            ),
        };
        foreach (var mount in spec.Mounts)
        {
            string[] execution = mount.NoExecute ? ["noexec"] : [];
            mounts.Add(
                Mount(
                    mount.Target,
                    "bind",
                    mount.Source,
                    ["bind", "nosuid", "nodev", .. execution, mount.ReadOnly ? "ro" : "rw"]
                )
            );
        }
        return mounts;
    }

    private static JsonObject Linux(
        ContainerSpec spec,
        string cgroupPath,
        JsonNode seccomp,
        bool userNamespaces
    )
    {
        var namespaces = new JsonArray
        {
            Namespace("pid"),
            Namespace("ipc"),
            Namespace("uts"),
            Namespace("mount"),
            Namespace("cgroup"),
        };
        if (spec.NetworkNamespace is { } network)
        {
            namespaces.Add(
                new JsonObject { ["type"] = "network", ["path"] = $"/run/netns/{network}" }
            );
        }
        var linux = new JsonObject
        {
            ["namespaces"] = namespaces,
            ["cgroupsPath"] = cgroupPath,
            ["resources"] = Resources(spec),
            ["seccomp"] = seccomp.DeepClone(),
            ["maskedPaths"] = Strings([
                "/proc/acpi",
                "/proc/asound",
                "/proc/kcore",
                "/proc/keys",
                "/proc/latency_stats",
                "/proc/sched_debug",
                "/proc/scsi",
                "/proc/sysrq-trigger",
                "/proc/timer_list",
                "/proc/timer_stats",
            ]),
            ["readonlyPaths"] = Strings(["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys"]),
        };
        if (spec.UserNamespace && userNamespaces)
        {
            namespaces.Add(Namespace("user"));
            linux["uidMappings"] = Mapping(spec);
            linux["gidMappings"] = Mapping(spec);
        }
        return linux;
    }

    private static JsonObject Resources(ContainerSpec spec)
    {
        var resources = new JsonObject
        {
            ["pids"] = new JsonObject { ["limit"] = spec.MaxProcesses },
            ["devices"] = new JsonArray
            {
                new JsonObject { ["allow"] = false, ["access"] = "rwm" },
            },
        };
        if (spec.MemoryBytes is { } memory)
        {
            resources["memory"] = new JsonObject { ["limit"] = memory };
        }
        if (spec.Cpu is { } cpu)
        {
            resources["cpu"] = new JsonObject
            {
                ["quota"] = CpuQuota(cpu),
                ["period"] = CpuPeriodMicroseconds,
            };
        }
        return resources;
    }

    private static JsonArray Mapping(ContainerSpec spec) =>
        [Range(spec.InnerUid, spec.HostUid), Range(0, spec.HostUid + InnerRootOffset)];

    private static JsonObject Range(int inside, int outside) =>
        new()
        {
            ["containerID"] = inside,
            ["hostID"] = outside,
            ["size"] = 1,
        };

    private static JsonObject Namespace(string type) => new() { ["type"] = type };

    private static JsonObject Mount(
        string target,
        string type,
        string source,
        params ReadOnlySpan<string> options
    ) =>
        new()
        {
            ["destination"] = target,
            ["type"] = type,
            ["source"] = source,
            ["options"] = Strings(options.ToArray()),
        };

    private static JsonArray Strings(IEnumerable<string> values) =>
        [.. values.Select(value => (JsonNode)JsonValue.Create(value))];
}
