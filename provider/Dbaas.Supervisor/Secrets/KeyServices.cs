using System.Text.Json;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Native;

namespace Dbaas.Supervisor.Secrets;

/// <summary>Has each region's key service make its master key and the credentials of its callers.</summary>
internal sealed class KeyServices(InstallationPaths paths)
{
    private const string ControlCredentials = "kms-control.json";

    public string ControlCredentialsFile => Path.Combine(paths.Secrets, ControlCredentials);

    public string HostCredentialsFile(string region) =>
        Path.Combine(paths.Secrets, $"kms-host-{region}.json");

    /// <summary>Repeatable; rights are brought to what the deployed version needs.</summary>
    /// <exception cref="SupervisorException">The key service refused, for example because its master key is missing.</exception>
    public async Task EnsureAsync(Installation installation, CancellationToken cancellationToken)
    {
        var program = Path.Combine(paths.Current, "kms", "Dbaas.LocalKms");
        foreach (var region in installation.Regions)
        {
            await Tool.RunAsync(
                program,
                [
                    "init",
                    "--data",
                    paths.KmsFolder(region.Name),
                    "--principals",
                    paths.Secrets,
                    "--region",
                    region.Name,
                    "--uid",
                    $"{installation.KmsUid}",
                ],
                cancellationToken
            );
            PrivateFile.Restrict(HostCredentialsFile(region.Name), PrivateFile.Secret, 0);
        }

        PrivateFile.Restrict(ControlCredentialsFile, PrivateFile.Secret, installation.ControlUid);
        // Control reaches its own file through the folder, yet cannot list it.
        File.SetUnixFileMode(paths.Secrets, SecretsMode);
    }

    /// <summary>0711.</summary>
    public const UnixFileMode SecretsMode =
        PrivateFile.Folder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Name of the region's host at its key service; grants to decrypt go to it.</summary>
    public string HostPrincipal(string region)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(HostCredentialsFile(region)));
        return file.RootElement.GetProperty("arn").GetString()
            ?? throw new SupervisorException($"{HostCredentialsFile(region)} names no principal.");
    }
}
