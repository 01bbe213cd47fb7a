using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Dbaas.LocalKms.Storage;

/// <summary>The few system calls .NET has no name for (Linux).</summary>
internal static partial class NativeMethods
{
    private const int OpenDirectory = 0x10000;
    private const int CloseOnExec = 0x80000;

    /// <summary>Best effort: RLIMIT_MEMLOCK may be small, and an encrypted or absent swap is the operator's part.</summary>
    public static void KeepInMemory(ReadOnlySpan<byte> bytes) =>
        _ = mlock(in MemoryMarshal.GetReference(bytes), (nuint)bytes.Length);

    /// <summary>Makes renames and removals in a folder durable; fsync of a file alone does not keep its name (fsync(2)).</summary>
    /// <exception cref="Win32Exception">The folder cannot be opened or written.</exception>
    public static void SyncFolder(string folder)
    {
        var descriptor = open(folder, OpenDirectory | CloseOnExec);
        Check(descriptor, $"open({folder})");
        try
        {
            Check(fsync(descriptor), $"fsync({folder})");
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <exception cref="Win32Exception">Not permitted.</exception>
    public static void ChangeOwner(string path, uint uid) =>
        Check(lchown(path, uid, uid), $"chown({path})");

    private static void Check(int result, string call)
    {
        if (result < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call} failed");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mlock(in byte address, nuint length);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lchown(string path, uint uid, uint gid);
}
