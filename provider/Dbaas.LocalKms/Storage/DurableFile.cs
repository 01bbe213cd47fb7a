namespace Dbaas.LocalKms.Storage;

/// <summary>Files that are either the old or the new one after a crash at any moment, readable by their owner alone.</summary>
internal static class DurableFile
{
    private const string TemporarySuffix = ".new";

    /// <summary>Returns when content and name would survive a power cut.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + TemporarySuffix;
        using (var stream = new FileStream(temporary, Options(FileMode.Create)))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        Replace(temporary, path);
    }

    /// <summary>Gives <paramref name="path"/> the content of a synced file beside it, which is gone then.</summary>
    public static void Replace(string from, string path)
    {
        File.Move(from, path, overwrite: true);
        NativeMethods.SyncFolder(Path.GetDirectoryName(path)!);
    }

    public static void Delete(string path)
    {
        File.Delete(path);
        NativeMethods.SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>0700: names of keys and grants are nobody else's business either.</summary>
    public static void CreateFolder(string path) =>
        Directory.CreateDirectory(
            path,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );

    /// <summary>What a crash left half-written was never promised to anybody.</summary>
    public static void SweepTemporaries(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*" + TemporarySuffix))
        {
            File.Delete(path);
        }
    }

    private static FileStreamOptions Options(FileMode mode) =>
        new()
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = FileShare.None,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
}
