namespace Dbaas.Supervisor.Native;

/// <summary>Writes whole files with the owner and mode they must have from their first moment.</summary>
internal static class PrivateFile
{
    /// <summary>0600.</summary>
    public const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>0644.</summary>
    public const UnixFileMode Readable = Secret | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>0700.</summary>
    public const UnixFileMode Folder = Secret | UnixFileMode.UserExecute;

    /// <summary>0755.</summary>
    public const UnixFileMode OpenFolder =
        Folder
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    /// <summary>Replaces the file at once: a reader sees the old or the new content, and after a power cut one of the two is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="mode">Set before the first byte is written.</param>
    /// <param name="owner">uid and gid, root when absent.</param>
    public static void Write(
        string path,
        ReadOnlySpan<byte> content,
        UnixFileMode mode,
        int? owner = null
    )
    {
        var fresh = path + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = mode,
        };
        using (var stream = new FileStream(fresh, options))
        {
            // The umask may have taken bits away.
            File.SetUnixFileMode(stream.SafeFileHandle, mode);
            if (owner is { } uid)
            {
                Libc.ChangeOwner(fresh, uid);
            }

            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }

    public static void MakeFolder(string path, UnixFileMode mode, int? owner = null)
    {
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, mode);
        if (owner is { } uid)
        {
            Libc.ChangeOwner(path, uid);
        }
    }

    /// <summary>Sets owner and mode of a file another program made.</summary>
    public static void Restrict(string path, UnixFileMode mode, int owner)
    {
        Libc.ChangeOwner(path, owner);
        File.SetUnixFileMode(path, mode);
    }
}
