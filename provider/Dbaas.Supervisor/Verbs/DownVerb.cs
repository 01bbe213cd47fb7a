using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Native;
using Dbaas.Supervisor.Removal;
using Dbaas.Supervisor.Units;

namespace Dbaas.Supervisor.Verbs;

/// <summary>
/// Stops in the order that loses nothing: nobody who would start things again, then databases, then what they lean on. The desired state
/// of every instance stays as it is; the next `up` brings back what was available.
/// </summary>
internal sealed class DownVerb(VerbContext context)
{
    private readonly InstallationPaths paths = context.Paths;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var held = context.Lock();
        await StopAsync(cancellationToken);
        await StopMetadataAsync(cancellationToken);
        context.Say("stopped; all data is kept, make up brings it back");
        return 0;
    }

    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        var installation = InstallationFile.Read(paths);
        var units = context.Records.Units();
        // Before the supervisor is asked to end: the loop that starts it again must find it.
        PrivateFile.Write(paths.Stopped, [], PrivateFile.Readable);
        if (context.Records.AliveSupervisor() is { } supervisor)
        {
            await LiveProcess.StopAsync(
                supervisor,
                TimeSpan.FromSeconds(10),
                context.Time,
                cancellationToken
            );
        }

        await StopUnitsAsync(units.Where(unit => unit.Name == "control"), cancellationToken);
        await StopUnitsAsync(units.Where(IsHost), cancellationToken);
        foreach (var region in installation.Regions)
        {
            context.Say($"stopping the databases of {region.Name}");
            await HostAsync("down", region.Name, cancellationToken);
        }

        await StopUnitsAsync(units.Reverse().Where(unit => !IsHost(unit)), cancellationToken);
    }

    /// <summary>Runs a verb of the host program for one region; it works on the region's files and kernel objects, without the daemon.</summary>
    internal async Task HostAsync(string verb, string region, CancellationToken cancellationToken)
    {
        var config = paths.ConfigOf($"host-{region}");
        if (File.Exists(config))
        {
            await Tool.RunAsync(
                Path.Combine(paths.Current, "host", "Dbaas.Host"),
                [verb, "--config", config],
                cancellationToken
            );
        }
    }

    /// <summary>The metadata's database outlives a keeper that was killed, and then nobody has told it to stop.</summary>
    private async Task StopMetadataAsync(CancellationToken cancellationToken)
    {
        var installation = InstallationFile.Read(paths);
        if (new InstallationCgroups(installation.Id).Processes("metadata").Count > 0)
        {
            context.Say("stopping metadata, whose keeper is gone");
            await Tool.RunAsync(
                Path.Combine(paths.Current, "host", "Dbaas.Host"),
                ["metadata", "stop", "--root", paths.Root],
                cancellationToken
            );
        }
    }

    private static bool IsHost(Unit unit) =>
        unit.Name.StartsWith("host-", StringComparison.Ordinal);

    private async Task StopUnitsAsync(IEnumerable<Unit> units, CancellationToken cancellationToken)
    {
        foreach (var unit in units)
        {
            if (context.Records.Alive(unit.Name) is { } process)
            {
                context.Say($"stopping {unit.Name}");
                await LiveProcess.StopAsync(
                    process,
                    TimeSpan.FromSeconds(unit.StopSeconds),
                    context.Time,
                    cancellationToken
                );
            }

            context.Records.Forget(unit.Name);
        }
    }
}
