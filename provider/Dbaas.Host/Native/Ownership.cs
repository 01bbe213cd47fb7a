using System.Runtime.InteropServices;

namespace Dbaas.Host.Native;

/// <summary>chown(2), which .NET does not offer.</summary>
internal static partial class Ownership
{
    /// <summary>Gives a file or folder to a uid; the gid is the same number. Follows no symbolic link.</summary>
    public static void Give(string path, int uid)
    {
        if (lchown(path, (uint)uid, (uint)uid) != 0)
        {
            throw NativeError.Last($"giving {path} to uid {uid}");
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int lchown(string path, uint owner, uint group);
}
