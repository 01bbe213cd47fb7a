using System.Runtime.InteropServices;

namespace Dbaas.Host.Native;

/// <summary>rmdir(2). <see cref="Directory.Delete(string)"/> looks for entries first, and a cgroup always shows files.</summary>
internal static partial class Folders
{
    private const int NoSuchFile = 2;

    /// <summary>Removes a folder the kernel considers empty; null on success or absence, else the reason.</summary>
    public static string? TryRemoveEmpty(string folder)
    {
        if (rmdir(folder) == 0)
        {
            return null;
        }
        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchFile ? null : Marshal.GetPInvokeErrorMessage(error);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int rmdir(string path);
}
