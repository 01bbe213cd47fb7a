namespace Dbaas.Host.Native;

/// <summary>Replaces a file so that after a power cut it is the old one or the new one.</summary>
internal static class DurableFile
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Written beside, flushed, renamed over, folder flushed. The file is readable by root alone.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var beside = path + ".new";
        using (
            var file = new FileStream(
                beside,
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    UnixCreateMode = Private,
                }
            )
        )
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes renames and removals in a folder survive a power cut.</summary>
    public static void FlushFolder(string folder)
    {
        using var descriptor = Descriptor.OpenFolder(folder);
        descriptor.Flush();
    }
}
