using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Removal;

namespace Dbaas.Supervisor.Verbs;

/// <summary>Removes an installation and every trace of it in the kernel.</summary>
internal sealed class CleanVerb(VerbContext context)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var paths = context.Paths;
        var installation = InstallationFile.Read(paths);
        using (context.Lock())
        {
            var down = new DownVerb(context);
            await down.StopAsync(cancellationToken);
            var cgroups = new InstallationCgroups(installation.Id);
            // A database whose keeper was killed runs on, and what runs keeps its mounts and cgroups.
            await new InstallationProcesses(paths.Root, cgroups, context.Time).EndAsync(
                cancellationToken
            );
            foreach (var region in installation.Regions)
            {
                await down.HostAsync("clean", region.Name, cancellationToken);
            }

            cgroups.Remove();
            new InstallationMounts(paths.Root).Remove();
            // Last, so that a clean that was killed before this can be run again and finds everything it needs.
            Directory.Delete(paths.Root, recursive: true);
        }

        new BoxRegister(BoxRegister.Usual).Remove(installation);
        context.Say($"removed installation {installation.Id} below {paths.Root}");
        return 0;
    }
}
