using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dbaas.Host.Native;

/// <summary>
/// A file descriptor for what .NET's own file classes do not open: folders, devices, sockets by path. Closed on exec, so no child
/// inherits a volume.
/// </summary>
internal sealed partial class Descriptor : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int ReadOnly = 0;
    private const int ReadWrite = 2;
    private const int CloseOnExec = 0x80000;
    private const int Folder = 0x10000;
    private const int PathOnly = 0x200000;
    private const int NoFollow = 0x20000;

    private Descriptor(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    public static Descriptor OpenFolder(string path) => Open(path, ReadOnly | Folder);

    public static Descriptor OpenDevice(string path) => Open(path, ReadWrite);

    /// <summary>Of a device that may be mounted: kernels can be built to let nobody else write to those.</summary>
    public static Descriptor OpenToRead(string path) => Open(path, ReadOnly);

    /// <summary>A handle on the thing itself, never on what a link points to; of use only through <see cref="ProcPath"/>.</summary>
    public static Descriptor OpenPath(string path) => Open(path, PathOnly | NoFollow);

    public int Number => (int)handle;

    /// <summary>Leads to the opened thing itself, whatever its name means by now.</summary>
    public string ProcPath => $"/proc/self/fd/{Number}";

    /// <summary>ioctl(2) with a structure; false when the kernel refused, reason in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    public unsafe bool Control(uint request, Span<byte> argument)
    {
        fixed (byte* pointer = argument)
        {
            return ioctl(Number, request, (nint)pointer) >= 0;
        }
    }

    /// <summary>ioctl(2) with a number; negative when the kernel refused.</summary>
    public int Control(uint request, int argument) => ioctl(Number, request, argument);

    public void Flush()
    {
        if (fsync(Number) != 0)
        {
            throw NativeError.Last("flushing to disk");
        }
    }

    protected override bool ReleaseHandle() => close((int)handle) == 0;

    private static Descriptor Open(string path, int flags)
    {
        var descriptor = open(path, flags | CloseOnExec);
        return descriptor >= 0 ? new(descriptor) : throw NativeError.Last($"opening {path}");
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, nuint request, nint argument);
}
