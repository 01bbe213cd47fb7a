using System.Security.Cryptography;
using System.Text;
using Dbaas.Supervisor.Deployment;
using Dbaas.Supervisor.Installations;

namespace Dbaas.Supervisor.Units;

/// <summary>The units of an installation in the order they need each other: metadata, key services, control, hosts.</summary>
internal sealed class UnitCatalogue(InstallationPaths paths)
{
    private const string Metadata = "metadata";

    public IReadOnlyList<Unit> Describe(Installation installation, Deployed deployed)
    {
        var keyServices = installation.Regions.Select(region => $"kms-{region.Name}").ToList();
        return
        [
            MetadataUnit(deployed),
            .. installation.Regions.Select(region =>
                Make($"kms-{region.Name}", ["kms"], "Dbaas.LocalKms", deployed) with
                {
                    Uid = installation.KmsUid,
                    Ready = $"tcp:{installation.KmsPort(region)}",
                }
            ),
            Make(
                "control",
                ["control"],
                "Dbaas.Control",
                deployed,
                "control-client",
                "internal-ca",
                "endpoint-ca"
            ) with
            {
                Uid = installation.ControlUid,
                Ready = "control",
                After = [Metadata, .. keyServices],
                StopSeconds = 40,
            },
            .. installation.Regions.Select(region =>
                // A host brings a new agent into its machines when it starts (ADR 0082), so another agent asks for another host.
                Make($"host-{region.Name}", ["host", "agent"], "Dbaas.Host", deployed) with
                {
                    Ready = $"tcp:{installation.HostPort(region)}",
                    After = ["control"],
                    Arguments = ["serve", "--config", paths.ConfigOf($"host-{region.Name}")],
                }
            ),
        ];
    }

    /// <summary>
    /// Not restarted for a new version of the program that keeps it: that would take the metadata away from a control service which
    /// could go on. A new PostgreSQL image is a matter of the next `make down` and `make up`.
    /// </summary>
    private Unit MetadataUnit(Deployed deployed) =>
        new()
        {
            Name = Metadata,
            Program = Path.Combine(deployed.Folder, "host", "Dbaas.Host"),
            Arguments = ["metadata", "run", "--root", paths.Root],
            Fingerprint = "1",
            Ready = $"unix:{paths.MetadataSocketFolder}/.s.PGSQL.5432",
            After = [],
            StopSeconds = 60,
        };

    /// <param name="unit">Its name.</param>
    /// <param name="folders">Of the program, and of others that it is restarted for.</param>
    /// <param name="program">File in the first folder.</param>
    /// <param name="deployed">What there is.</param>
    /// <param name="certificates">It is restarted for, beside its own.</param>
    private Unit Make(
        string unit,
        IReadOnlyList<string> folders,
        string program,
        Deployed deployed,
        params IReadOnlyList<string> certificates
    ) =>
        new()
        {
            Name = unit,
            Program = Path.Combine(deployed.Folder, folders[0], program),
            Arguments = ["--config", paths.ConfigOf(unit)],
            Fingerprint = Fingerprint(
                string.Concat(folders.Select(folder => deployed.Hashes[folder])),
                [
                    paths.ConfigOf(unit),
                    paths.Certificate(unit),
                    .. certificates.Select(paths.Certificate),
                ]
            ),
            Ready = "",
            After = [],
        };

    private static string Fingerprint(string program, IReadOnlyList<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(program));
        foreach (var file in files.Where(File.Exists))
        {
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
