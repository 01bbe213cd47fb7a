using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Dbaas.Host.Containers;
using Dbaas.Host.Machines;

namespace Dbaas.Host.Tests.Containers;

/// <summary>
/// Everything of the kernel that a machine can touch, as docs/machine-surface.md lists it, exactly: whoever opens something has to write it
/// down. With DBAAS_UPDATE_DOCS=1 the document is written instead.
/// </summary>
public sealed class MachineSurfaceTests
{
    private const string Introduction =
        "# What a machine can touch\n\n"
        + "Everything between a database process that was taken over and the host, made from the code that starts machines; a test compares\n"
        + "the two. `RuncContainersTests` tries the ways out; why it is so, is in [adr/0040](adr/0040-container-confinement.md).\n";

    /// <summary>System calls that have led out of containers, or that only an owner of the box needs. mknod is none: without a capability it makes pipes.</summary>
    private static readonly string[] s_waysOut =
    [
        "mount",
        "umount2",
        "pivot_root",
        "chroot",
        "unshare",
        "setns",
        "clone3",
        "ptrace",
        "process_vm_readv",
        "process_vm_writev",
        "bpf",
        "perf_event_open",
        "userfaultfd",
        "io_uring_setup",
        "init_module",
        "finit_module",
        "kexec_load",
        "open_by_handle_at",
        "add_key",
        "keyctl",
        "request_key",
        "reboot",
        "swapon",
        "fsopen",
        "move_mount",
        "open_tree",
        "mount_setattr",
        "quotactl",
        "acct",
        "settimeofday",
        "clock_settime",
    ];

    private static readonly ContainerSpec s_machine = new()
    {
        Name = "mac_1",
        RootFolder = "images/ID/rootfs",
        Command = ["/opt/dbaas/reaper/dbaas-agent", "reaper", "/opt/dbaas/agent/dbaas-agent"],
        HostUid = 641000,
        HostName = "db",
        NetworkNamespace = "dbaas-ID-mac_1",
        Cpu = 1,
        MemoryBytes = 1L << 30,
        Mounts =
        [
            new("volumes/ID/data", "/data"),
            new("machines/ID/run", "/run/dbaas", NoExecute: true),
            new("bin/reaper", "/opt/dbaas/reaper", ReadOnly: true),
            new("bin/agent", "/opt/dbaas/agent", ReadOnly: true),
        ],
    };

    [Fact]
    public void Given_a_machine_then_the_document_lists_what_it_can_touch()
    {
        var config = OciBundle.Config(
            s_machine,
            "rootfs",
            "/dbaas-ID/region/mac_1",
            SeccompProfile.Value,
            userNamespaces: true
        );
        var process = config["process"]!;
        var linux = config["linux"]!;
        var seccomp = linux["seccomp"]!;
        var text = new StringBuilder(Introduction);
        Section(
            text,
            "Process",
            [
                $"uid and gid {process["user"]!["uid"]}, on the host a uid of the machine's own; root inside is a uid that owns nothing",
                $"no new privileges: {process["noNewPrivileges"]}",
                $"root file system read-only: {config["root"]!["readonly"]}",
                .. process["capabilities"]!
                    .AsObject()
                    .Select(set => $"{set.Key} capabilities: {Names(set.Value!.AsArray())}"),
            ]
        );
        Section(
            text,
            "Namespaces of its own",
            linux["namespaces"]!.AsArray().Select(one => one!["type"]!.GetValue<string>())
        );
        Section(
            text,
            "Mounts",
            config["mounts"]!
                .AsArray()
                .Select(mount =>
                    $"`{mount!["destination"]}` {mount["type"]}: {Names(mount["options"]!.AsArray())}"
                )
        );
        Section(text, "Hidden", Paths(linux["maskedPaths"]!));
        Section(text, "Read-only", Paths(linux["readonlyPaths"]!));
        Section(
            text,
            "Devices",
            linux["resources"]!["devices"]!
                .AsArray()
                .Select(rule =>
                    $"allow {rule!["allow"]}, access {rule["access"]}; the runtime adds null, zero, full, random, urandom, tty and pts"
                )
        );
        Section(
            text,
            "Ceilings",
            [
                $"processes and threads: {linux["resources"]!["pids"]!["limit"]}",
                "memory: memoryGib of the instance",
                "processor: cpu of the instance",
                $"`/run/dbaas`, which host and machine share: a tmpfs with {MachineFolder.RunLimits}",
                "core files: none, inherited from the host's daemon",
            ]
        );
        Section(
            text,
            $"System calls (all others: {seccomp["defaultAction"]}, errno {seccomp["defaultErrnoRet"]})",
            seccomp["syscalls"]!.AsArray().Select(rule => Rule(rule!))
        );

        Same("docs/machine-surface.md", text.ToString());
    }

    [Fact]
    public void Given_the_filter_then_what_leads_out_of_a_machine_is_not_in_it()
    {
        var allowed = SeccompProfile.Value["syscalls"]!
            .AsArray()
            .Where(rule => (string?)rule!["action"] == "SCMP_ACT_ALLOW")
            .SelectMany(rule => rule!["names"]!.AsArray())
            .Select(name => name!.GetValue<string>())
            .ToHashSet();

        Assert.True(allowed.Count > 100);
        Assert.Empty(allowed.Intersect(s_waysOut));
    }

    private static string Rule(JsonNode rule)
    {
        var conditions = rule["args"]?.AsArray() is { Count: > 0 } args
            ? " when "
                + string.Join(
                    " and ",
                    args.Select(one =>
                        $"argument {one!["index"]} {one["op"]} {one["value"]} {one["valueTwo"]}".TrimEnd()
                    )
                )
            : "";
        return $"{rule["action"]}{conditions}: {string.Join(
            ' ',
            rule["names"]!
                .AsArray()
                .Select(name => name!.GetValue<string>())
                .Order(StringComparer.Ordinal)
        )}";
    }

    private static string Names(JsonArray set) =>
        set.Count == 0 ? "none" : string.Join(", ", set.Select(one => one!.GetValue<string>()));

    private static IEnumerable<string> Paths(JsonNode paths) =>
        paths.AsArray().Select(path => $"`{path}`");

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n");
        foreach (var line in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {line}\n");
        }
    }

    private static void Same(string path, string text, [CallerFilePath] string file = "")
    {
        path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../..", path));
        if (Environment.GetEnvironmentVariable("DBAAS_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == text,
            $"{path} is not what the code says. Run the tests once with DBAAS_UPDATE_DOCS=1 and read the difference."
        );
    }
}
