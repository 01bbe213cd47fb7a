using System.Runtime.InteropServices;

namespace Dbaas.Host.Native;

/// <summary>Room taken: within a file system, and by a sparse file on disk.</summary>
internal static unsafe partial class FileSystemUse
{
    private const int CurrentFolder = -100;
    private const uint BlocksMask = 0x400;

    public static long UsedBytes(string mountPoint)
    {
        var drive = new DriveInfo(mountPoint);
        return drive.TotalSize - drive.TotalFreeSpace;
    }

    /// <summary>Bytes really allocated; .NET reports a sparse file's length only.</summary>
    public static long AllocatedBytes(string file)
    {
        var buffer = stackalloc byte[256]; // struct statx
        return statx(CurrentFolder, file, 0, BlocksMask, buffer) == 0
            ? *(long*)(buffer + 48) * 512 // stx_blocks
            : throw NativeError.Last($"statx of {file}");
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* buffer);
}
