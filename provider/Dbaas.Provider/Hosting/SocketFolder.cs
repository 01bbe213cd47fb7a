using System.Globalization;

namespace Dbaas.Provider.Hosting;

/// <summary>A private folder (0700) for the plugin's socket, removed at the end; folders of killed processes are swept.</summary>
internal sealed class SocketFolder : IDisposable
{
    private const string Prefix = "dbaas-plugin-";

    // sun_path holds 108 bytes with its terminator on Linux and 104 on macOS.
    private const int LongestPath = 100;
    private readonly string parent;
    private readonly string path;

    private SocketFolder(string parent, string path) => (this.parent, this.path) = (parent, path);

    public string Socket => Path.Combine(path, "s");

    public static SocketFolder Create(string? wanted)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException(
                "The provider listens on a Unix socket in a folder with Unix rights; it runs on Linux and macOS."
            );
        }

        var parent = wanted ?? Path.GetTempPath();
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{Prefix}{Environment.ProcessId}-{Random.Shared.Next():x8}"
        );
        if (Path.Combine(parent, name).Length + 2 > LongestPath)
        {
            parent = "/tmp";
        }

        var path = Path.Combine(parent, name);
        Directory.CreateDirectory(
            path,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        return new SocketFolder(parent, path);
    }

    /// <summary>Removes what processes that no longer run left behind.</summary>
    public void SweepOthers()
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            var id = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (
                int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && process != Environment.ProcessId
                && !Directory.Exists($"/proc/{process}")
                && Directory.Exists("/proc/self")
            )
            {
                Delete(folder);
            }
        }
    }

    public void Dispose() => Delete(path);

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another user's folder, or one that another process sweeps right now.
        }
    }
}
