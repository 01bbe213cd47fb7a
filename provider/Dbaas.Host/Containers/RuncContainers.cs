using Dbaas.Host.Commands;
using Dbaas.Host.Configuration;
using Dbaas.Host.Native;

namespace Dbaas.Host.Containers;

/// <inheritdoc cref="IContainers"/>
internal sealed partial class RuncContainers(
    ICommands commands,
    Cgroups cgroups,
    UserNamespaces userNamespaces,
    HostPaths paths,
    KernelNames names,
    TimeProvider time,
    ILogger<RuncContainers> logger
) : IContainers
{
    public async Task EnsureCreatedAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        if ((await GetAsync(spec.Name, cancellationToken)).State == "absent")
        {
            await MakeAsync(spec, ["create"], cancellationToken);
        }
    }

    /// <summary>Prepares bundle and root, then has runc make the container of it: created, or started in the same go.</summary>
    private async Task MakeAsync(
        ContainerSpec spec,
        string[] verb,
        CancellationToken cancellationToken
    )
    {
        var folder = Folder(spec.Name);
        var inUserNamespace = spec.UserNamespace && await userNamespaces.WorkAsync();
        Directory.CreateDirectory(folder);
        var root = RootLayer.Ensure(spec, folder, OciBundle.VisibleUid(spec, inUserNamespace));
        var config = OciBundle.Config(
            spec,
            root,
            names.Cgroup(spec.Name),
            SeccompProfile.Value,
            inUserNamespace
        );
        await File.WriteAllTextAsync(
            Path.Combine(folder, "config.json"),
            config.ToJsonString(),
            cancellationToken
        );

        var log = Path.Combine(folder, "runc.log");
        File.Delete(log);
        string[] arguments =
        [
            "--root",
            paths.Runc,
            "--log",
            log,
            .. verb,
            "--bundle",
            folder,
            names.Container(spec.Name),
        ];
        // Not cancellable: half a container is worse than one too many, which the next call finds.
        var exit = await DetachedProgram.RunAsync("runc", arguments, ConsoleLog(spec.Name));
        if (exit != 0)
        {
            var reason = File.Exists(log) ? await LastLineAsync(log) : $"exit code {exit}";
            await DeleteAsync(spec.Name, cancellationToken);
            throw new ContainerException($"Container {spec.Name} cannot be created: {reason}");
        }
        LogCreated(spec.Name);
    }

    public async Task StartAsync(string name, CancellationToken cancellationToken)
    {
        var status = await GetAsync(name, cancellationToken);
        switch (status.State)
        {
            case "running":
                return;
            case "created":
                await RuncAsync(["start", names.Container(name)], cancellationToken);
                LogStarted(name, status.Pid);
                return;
            default:
                throw new ContainerException($"Container {name} is {status.State}, not created.");
        }
    }

    public async Task EnsureRunningAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        if ((await GetAsync(spec.Name, cancellationToken)).State is "stopped")
        {
            await DeleteAsync(spec.Name, cancellationToken);
        }
        if ((await GetAsync(spec.Name, cancellationToken)).State == "absent")
        {
            await MakeAsync(spec, ["run", "--detach"], cancellationToken);
            LogStarted(spec.Name, (await GetAsync(spec.Name, cancellationToken)).Pid);
            return;
        }
        await StartAsync(spec.Name, cancellationToken);
    }

    public async Task<ContainerStatus> GetAsync(string name, CancellationToken cancellationToken)
    {
        // runc's folder of the container decides about existence.
        var folder = Path.Combine(paths.Runc, names.Container(name));
        if (!Directory.Exists(folder))
        {
            return ContainerStatus.Absent(name);
        }
        if (RuncState.Read(name, folder) is { } status)
        {
            return status;
        }
        var result = await commands.TryAsync(
            "runc",
            ["--root", paths.Runc, "state", names.Container(name)],
            cancellationToken
        );
        return result.Succeeded
            ? RuncState.Parse(name, result.Output)
            // A folder without readable state is what a crash within `runc create` leaves; deleting clears it.
            : new(name, "stopped", 0, "");
    }

    public async Task<IReadOnlyList<ContainerStatus>> ListAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(paths.Runc))
        {
            return [];
        }
        var found = new List<ContainerStatus>();
        foreach (var folder in Directory.EnumerateDirectories(paths.Runc, names.Prefix + "*"))
        {
            var name = Path.GetFileName(folder)[names.Prefix.Length..];
            found.Add(await GetAsync(name, cancellationToken));
        }
        return found;
    }

    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await FenceAsync(name, cancellationToken);
        var state = Path.Combine(paths.Runc, names.Container(name));
        var existed = Directory.Exists(state);
        if (existed)
        {
            await commands.TryAsync(
                "runc",
                ["--root", paths.Runc, "delete", "--force", names.Container(name)],
                cancellationToken
            );
            if (Directory.Exists(state))
            {
                Directory.Delete(state, recursive: true); // what a crash within `runc create` left, runc does not delete
            }
        }
        existed |= cgroups.Remove(names.Cgroup(name));
        var folder = Folder(name);
        if (Directory.Exists(folder))
        {
            existed = true;
            Mount.Remove(Path.Combine(folder, "root"), lazy: true);
            Directory.Delete(folder, recursive: true);
        }
        if (existed)
        {
            LogDeleted(name);
        }
        return existed;
    }

    public async Task ResizeAsync(
        string name,
        double? cpu,
        long? memoryBytes,
        CancellationToken cancellationToken
    )
    {
        List<string> arguments = ["update"];
        if (cpu is { } cores)
        {
            arguments.AddRange(["--cpu-period", "100000"]);
            arguments.AddRange(["--cpu-quota", $"{OciBundle.CpuQuota(cores)}"]);
        }
        if (memoryBytes is { } memory)
        {
            arguments.AddRange(["--memory", $"{memory}"]);
        }
        await RuncAsync([.. arguments, names.Container(name)], cancellationToken);
    }

    public ContainerUsage GetUsage(string name) => cgroups.Usage(names.Cgroup(name));

    public string ConsoleLog(string name) => Path.Combine(Folder(name), "console.log");

    private string Folder(string name) => Path.Combine(paths.Containers, name);

    private async Task RuncAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var result = await commands.TryAsync(
            "runc",
            ["--root", paths.Runc, .. arguments],
            cancellationToken
        );
        if (!result.Succeeded)
        {
            throw new ContainerException($"runc {arguments[0]}: {result.Error.Trim()}");
        }
    }

    private static async Task<string> LastLineAsync(string log)
    {
        var lines = await File.ReadAllLinesAsync(log);
        return lines.LastOrDefault(line => line.Length > 0) ?? "no reason given";
    }

    [LoggerMessage(4001, LogLevel.Information, "Container {Container} created")]
    private partial void LogCreated(string container);

    [LoggerMessage(4002, LogLevel.Information, "Container {Container} started, PID 1 is {Pid}")]
    private partial void LogStarted(string container, int pid);

    [LoggerMessage(4003, LogLevel.Information, "Container {Container} deleted")]
    private partial void LogDeleted(string container);
}
