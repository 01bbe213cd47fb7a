using System.Text.Json;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Native;

namespace Dbaas.Supervisor.Control;

/// <summary>Turns the key that control wrote on its very first start into the profile.</summary>
internal sealed class ProfileFile(InstallationPaths paths)
{
    public Profile? TryRead() =>
        File.Exists(paths.ProfileFile)
            ? JsonSerializer.Deserialize(
                File.ReadAllBytes(paths.ProfileFile),
                InstallationJson.Default.Profile
            )
            : null;

    /// <returns>The profile, and whether it was made just now.</returns>
    /// <exception cref="SupervisorException">There is neither profile nor key.</exception>
    public (Profile Profile, bool Fresh) Ensure(Installation installation)
    {
        // The key's file is looked at first: after a crash between writing the profile and deleting the key both are there.
        if (File.Exists(paths.FirstAdminKey))
        {
            var profile = new Profile
            {
                Endpoint = installation.ControlEndpoint,
                CaFile = paths.Certificate("endpoint-ca"),
                ApiKey = File.ReadAllText(paths.FirstAdminKey).Trim(),
            };
            PrivateFile.Write(
                paths.ProfileFile,
                JsonSerializer.SerializeToUtf8Bytes(profile, InstallationJson.Default.Profile),
                PrivateFile.Secret
            );
            File.Delete(paths.FirstAdminKey);
            return (profile, true);
        }

        return TryRead() is { } known
            ? (known, false)
            : throw new SupervisorException(
                $"Control has users but {paths.ProfileFile} is gone. Put it back, or write one with the key of an administrator: "
                    + """{"endpoint": "…", "caFile": "…", "apiKey": "…"}."""
            );
    }
}
