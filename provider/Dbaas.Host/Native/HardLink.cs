using System.Runtime.InteropServices;

namespace Dbaas.Host.Native;

/// <summary>link(2).</summary>
internal static partial class HardLink
{
    /// <summary>Gives a file a second name; false where that cannot be (another file system, no support).</summary>
    public static bool TryMake(string file, string name) => link(file, name) == 0;

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string file, string name);
}
