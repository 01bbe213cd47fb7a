using System.Text.Json;
using Dbaas.Supervisor.Native;

namespace Dbaas.Supervisor.Installations;

/// <summary>Reads and writes <c>installation.json</c>.</summary>
internal static class InstallationFile
{
    /// <returns>Null when nothing is installed there.</returns>
    public static Installation? TryRead(InstallationPaths paths)
    {
        try
        {
            return JsonSerializer.Deserialize(
                File.ReadAllBytes(paths.InstallationFile),
                InstallationJson.Default.Installation
            );
        }
        catch (Exception exception)
            when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <exception cref="SupervisorException">Nothing is installed there.</exception>
    public static Installation Read(InstallationPaths paths) =>
        TryRead(paths)
        ?? throw new SupervisorException($"Nothing is installed below {paths.Root}.");

    public static void Write(InstallationPaths paths, Installation installation) =>
        PrivateFile.Write(
            paths.InstallationFile,
            JsonSerializer.SerializeToUtf8Bytes(
                installation,
                InstallationJson.Default.Installation
            ),
            PrivateFile.Readable
        );
}
