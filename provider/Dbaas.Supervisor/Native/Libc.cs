using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Dbaas.Supervisor.Native;

/// <summary>The system calls .NET does not offer.</summary>
internal static partial class Libc
{
    public const int Terminate = 15;
    public const int Kill = 9;
    private const int NoSuchProcess = 3;
    private const int CloseOnExec = 0x80000;

    /// <returns>False when the process is gone.</returns>
    public static bool Signal(int processId, int signal)
    {
        if (kill(processId, signal) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new Win32Exception(error);
    }

    /// <summary>Sets user and group to the same number.</summary>
    public static void ChangeOwner(string path, int id)
    {
        if (chown(path, (uint)id, (uint)id) != 0)
        {
            throw new IOException(
                $"Cannot give {path} to {id}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}"
            );
        }
    }

    /// <summary>Renames a link itself over another one; File.Move follows both.</summary>
    public static void Rename(string from, string to)
    {
        if (rename(from, to) != 0)
        {
            throw new IOException(
                $"Cannot rename {from} to {to}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}"
            );
        }
    }

    /// <summary>rmdir: the folder must hold no other folder.</summary>
    public static void RemoveFolder(string path)
    {
        if (rmdir(path) != 0)
        {
            throw new IOException(
                $"Cannot remove {path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}"
            );
        }
    }

    /// <summary>syncfs: what was written to the folder's file system, its names too, is on disk when this returns.</summary>
    public static void SyncFileSystem(string folder)
    {
        var descriptor = open(folder, CloseOnExec);
        if (descriptor < 0)
        {
            throw Failed();
        }

        var synced = syncfs(descriptor);
        var failure = synced == 0 ? null : Failed();
        _ = close(descriptor);
        if (failure is not null)
        {
            throw failure;
        }

        IOException Failed() =>
            new(
                $"Cannot write {folder} to disk: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}"
            );
    }

    /// <summary>umount2 without flags: a mount in use stays.</summary>
    /// <returns>The kernel's reason when it refused, else null.</returns>
    public static string? Unmount(string path) =>
        umount2(path, 0) == 0
            ? null
            : Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string target, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rmdir(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string oldpath, string newpath);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int sig);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint owner, uint group);
}
