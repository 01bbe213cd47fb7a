using System.Runtime.InteropServices;

namespace Dbaas.Host.Native;

/// <summary>mount(2) and umount2(2). The kernel's own calls: a mount program costs a process and parses fstab.</summary>
internal static partial class Mount
{
    [Flags]
    internal enum Options : ulong
    {
        None = 0,
        ReadOnly = 1,
        NoSetUid = 2,
        NoDevices = 4,
        NoExecute = 8,
        NoAccessTime = 1024,
        Bind = 4096,
    }

    private const int Detach = 2;
    private const int NotMounted = 22; // EINVAL
    private const int NoSuchFile = 2;

    /// <exception cref="IOException">The kernel refused.</exception>
    public static void At(string source, string target, string type, Options options, string? data)
    {
        if (mount(source, target, type, (ulong)options, data) != 0)
        {
            throw NativeError.Last($"mounting {type} at {target}");
        }
    }

    /// <summary>Unmounts; false when nothing was mounted there.</summary>
    /// <param name="target">The mount point.</param>
    /// <param name="lazy">Detach now, release when the last user is gone.</param>
    public static bool Remove(string target, bool lazy)
    {
        if (umount2(target, lazy ? Detach : 0) == 0)
        {
            return true;
        }
        return Marshal.GetLastPInvokeError() is NotMounted or NoSuchFile
            ? false
            : throw NativeError.Last($"unmounting {target}");
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int mount(
        string source,
        string target,
        string type,
        ulong flags,
        string? data
    );

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int umount2(string target, int flags);
}
