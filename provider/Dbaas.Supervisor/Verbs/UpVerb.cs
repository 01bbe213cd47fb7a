using Dbaas.Supervisor.Control;
using Dbaas.Supervisor.Deployment;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Units;

namespace Dbaas.Supervisor.Verbs;

/// <summary>From whatever state the installation is in to one where everything answers.</summary>
internal sealed class UpVerb(VerbContext context)
{
    private readonly InstallationPaths paths = context.Paths;
    private readonly Preparation preparation = new(context, new BoxRegister(BoxRegister.Usual));

    public async Task<int> InitAsync(UpRequest request, CancellationToken cancellationToken)
    {
        using var held = context.Lock();
        await preparation.EnsureAsync(request, cancellationToken);
        return 0;
    }

    public async Task<int> RunAsync(UpRequest request, CancellationToken cancellationToken)
    {
        var began = context.Time.GetTimestamp();
        using var held = context.Lock();
        var (installation, deployed) = await preparation.EnsureAsync(request, cancellationToken);
        await EnsureImagesAsync(installation, deployed, cancellationToken);

        var units = preparation.Units(installation, deployed);
        var changed = context.Records.Write(units);
        File.Delete(paths.Stopped);
        var started = await EnsureSupervisorAsync(deployed, cancellationToken);

        using var waiting = new ReadyWait(context, installation);
        await waiting.ForUnitsAsync(units, cancellationToken);
        var (profile, fresh) = new ProfileFile(paths).Ensure(installation);
        await waiting.ForHostsAsync(profile, cancellationToken);
        if (fresh)
        {
            context.Say(
                "key of the first administrator, shown this once and kept in profile.json:"
            );
            context.Say($"  {profile.ApiKey}");
        }

        var seconds = context.Time.GetElapsedTime(began).TotalSeconds;
        context.Say(
            changed || started || deployed.Changed
                ? $"ready at {installation.ControlEndpoint} after {seconds:0.0} s"
                : $"nothing to change, everything runs at {installation.ControlEndpoint}"
        );
        return 0;
    }

    /// <summary>What the platform itself runs from: etcd and HAProxy, and the PostgreSQL of the metadata. Other engines' images come on first use.</summary>
    private async Task EnsureImagesAsync(
        Installation installation,
        Deployed deployed,
        CancellationToken cancellationToken
    )
    {
        // Side by side: a build waits for packages or uses one core.
        await Task.WhenAll(((string[])["platform", "postgresql/18"]).Select(EnsureAsync));

        async Task EnsureAsync(string recipe)
        {
            var parts = recipe.Split('/');
            var built = false;
            await Tool.FollowAsync(
                Path.Combine(deployed.Folder, "host", "Dbaas.Host"),
                [
                    "image",
                    "ensure",
                    "--engine",
                    parts[0],
                    .. parts.Skip(1).SelectMany(version => (string[])["--version", version]),
                    "--store",
                    installation.ImageStore,
                ],
                line =>
                {
                    // An image that is there says only that it is done.
                    built |= !line.StartsWith("done:", StringComparison.Ordinal);
                    if (built)
                    {
                        context.Say($"image {recipe}: {line}");
                    }
                },
                cancellationToken
            );
        }
    }

    /// <summary>A supervisor of another version is replaced; the units it kept go on meanwhile.</summary>
    private async Task<bool> EnsureSupervisorAsync(
        Deployed deployed,
        CancellationToken cancellationToken
    )
    {
        var hash = deployed.Hashes["supervisor"];
        if (context.Records.AliveSupervisor() is { } running)
        {
            if (running.Fingerprint == hash)
            {
                return false;
            }

            await LiveProcess.StopAsync(
                running,
                TimeSpan.FromSeconds(10),
                context.Time,
                cancellationToken
            );
        }

        new UnitStart(paths).StartSupervisor(
            Path.Combine(deployed.Folder, "supervisor", "Dbaas.Supervisor")
        );
        return true;
    }
}
