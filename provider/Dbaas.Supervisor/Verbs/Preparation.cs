using Dbaas.Supervisor.Configuration;
using Dbaas.Supervisor.Deployment;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Native;
using Dbaas.Supervisor.Pki;
using Dbaas.Supervisor.Secrets;
using Dbaas.Supervisor.Units;

namespace Dbaas.Supervisor.Verbs;

/// <summary>Everything that must lie on disk before a unit starts. Repeatable; what is there stays.</summary>
internal sealed class Preparation(VerbContext context, BoxRegister register)
{
    private readonly InstallationPaths paths = context.Paths;

    public async Task<(Installation Installation, Deployed Deployed)> EnsureAsync(
        UpRequest request,
        CancellationToken cancellationToken
    )
    {
        PrivateFile.MakeFolder(paths.Root, PrivateFile.OpenFolder);
        var installation = await EnsureInstallationAsync(request, cancellationToken);
        MakeFolders(installation);
        var deployed = new Deployer(paths).Deploy(request.Artifacts);
        if (deployed.Changed)
        {
            context.Say($"deployed {Path.GetFileName(deployed.Folder)}");
        }

        var renewed = new InstallationPki(paths, context.Time).Ensure(installation);
        if (renewed.Count > 0)
        {
            context.Say($"made certificates: {string.Join(", ", renewed)}");
        }

        var keyServices = new KeyServices(paths);
        await keyServices.EnsureAsync(installation, cancellationToken);
        new UnitConfigurations(paths, new(paths), keyServices).Write(installation);
        return (installation, deployed);
    }

    public IReadOnlyList<Unit> Units(Installation installation, Deployed deployed) =>
        new UnitCatalogue(paths).Describe(installation, deployed);

    private async Task<Installation> EnsureInstallationAsync(
        UpRequest request,
        CancellationToken cancellationToken
    )
    {
        if (InstallationFile.TryRead(paths) is { } existing)
        {
            RefuseChange("--port-base", request.PortBase, existing.PortBase);
            RefuseChange("--id-range", request.UidBase, existing.UidBase);
            register.Add(existing, paths.Root);
            return existing;
        }

        // Two first starts at once would both find the same free slot.
        using var choosing = await context.WaitForLockAsync(
            "/run/lock/dbaas-installations",
            cancellationToken
        );
        var slot = FreeSlot.Find(register.Others(paths.Root), request.PortBase, request.UidBase);
        var installation = slot.Describe(
            request.ImageStore ?? Path.Combine(paths.Root, "images"),
            request.PortBase,
            request.UidBase
        );
        InstallationFile.Write(paths, installation);
        register.Add(installation, paths.Root);
        context.Say(
            $"installation {installation.Id}: ports from {installation.PortBase}, user ids from {installation.UidBase}, machines in {string.Join(" and ", installation.Regions.Select(region => region.MachineRange))}"
        );
        return installation;
    }

    private void MakeFolders(Installation installation)
    {
        foreach (var folder in (string[])[paths.Bin, paths.Pki, paths.Run, paths.Config])
        {
            PrivateFile.MakeFolder(folder, PrivateFile.OpenFolder);
        }

        // Units get their log opened by the supervisor; nobody else needs to read who uses which database.
        PrivateFile.MakeFolder(paths.Log, PrivateFile.Folder);
        PrivateFile.MakeFolder(paths.Secrets, KeyServices.SecretsMode);
        PrivateFile.MakeFolder(paths.ControlSecrets, PrivateFile.Folder, installation.ControlUid);
        PrivateFile.MakeFolder(Path.Combine(paths.Root, "kms"), PrivateFile.OpenFolder);
        Directory.CreateDirectory(installation.ImageStore);
    }

    private static void RefuseChange(string option, int? asked, int present)
    {
        if (asked is { } value && value != present)
        {
            throw new SupervisorException(
                $"{option} is {present} for this installation and cannot become {value}: addresses of databases depend on it. Use another --root for a second installation."
            );
        }
    }
}
