namespace Dbaas.Cli.Connect;

/// <summary>A folder for files that hold a secret while a client program runs: in memory where the system has that, for its owner alone.</summary>
internal sealed class SecretFolder : IDisposable
{
    private const string Prefix = "dbaas-connect-";
    private const string MemoryFolder = "/dev/shm";
    private readonly string folder;

    public SecretFolder()
    {
        var parent = Directory.Exists(MemoryFolder) ? MemoryFolder : Path.GetTempPath();
        SweepDead(parent);
        folder = Path.Combine(parent, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(
            folder,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
    }

    /// <summary>Writes a 0600 file and answers its path.</summary>
    public string Write(string name, string content)
    {
        var path = Path.Combine(folder, name);
        using var stream = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        using var writer = new StreamWriter(stream);
        writer.Write(content);
        return path;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // A run that was killed could not clean up after itself.
    private static void SweepDead(string parent)
    {
        foreach (var dead in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            var owner = Path.GetFileName(dead)[Prefix.Length..].Split('-')[0];
            if (Directory.Exists($"/proc/{owner}"))
            {
                continue;
            }

            try
            {
                Directory.Delete(dead, recursive: true);
            }
            catch (Exception exception)
                when (exception is UnauthorizedAccessException or DirectoryNotFoundException)
            {
                // Another user's, or another run was faster.
            }
        }
    }
}
