using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Dbaas.Host.Native;

namespace Dbaas.Host.Volumes;

/// <summary>
/// Attaches volume files as block devices (linux/loop.h). Devices detach themselves when their last user is gone, so a crash at any
/// point leaks none.
/// </summary>
internal static class LoopDevices
{
    private const uint Configure = 0x4C0A;
    private const uint Clear = 0x4C01;
    private const uint GetFree = 0x4C82;
    private const int ConfigBytes = 304; // fd, block size, loop_info64 (232), 8 reserved words
    private const int FlagsOffset = 8 + 52; // lo_flags within loop_info64
    private const uint AutoClear = 4;
    private const uint DirectIo = 16;
    private const int Busy = 16;

    /// <summary>Device of the file, or null when it is not attached.</summary>
    public static string? Find(string file) =>
        List()
            .Where(device => device.File == file)
            .Select(device => device.Device)
            .FirstOrDefault();

    /// <summary>All attached devices with their files.</summary>
    public static IReadOnlyList<(string Device, string File)> List()
    {
        var found = new List<(string, string)>();
        foreach (var folder in Directory.EnumerateDirectories("/sys/block", "loop*"))
        {
            try
            {
                var file = File.ReadAllText(folder + "/loop/backing_file").TrimEnd('\n');
                found.Add(("/dev/" + Path.GetFileName(folder), file));
            }
            catch (IOException)
            {
                // Not attached, or detached while we looked.
            }
        }
        return found;
    }

    /// <summary>
    /// The device a file is attached to already, or null: another mount namespace may still have it mounted. A second device would be a
    /// second file system on the same blocks; one device is one file system, however often it is mounted.
    /// </summary>
    /// <param name="file">The volume's image.</param>
    /// <param name="name">Path of the device.</param>
    public static Descriptor? Share(string file, out string name)
    {
        name = Find(file) ?? "";
        if (name.Length == 0)
        {
            return null;
        }
        var device = Descriptor.OpenToRead(name);
        // Before we held it, its last user may have gone and another file have got the number; now it stays what it is.
        if (Find(file) == name)
        {
            return device;
        }
        device.Dispose();
        return null;
    }

    /// <summary>
    /// Attaches a free device. It stays as long as the returned descriptor is open or something is mounted from it.
    /// </summary>
    /// <param name="file">The volume's image.</param>
    /// <param name="name">Path of the device.</param>
    public static Descriptor Attach(string file, out string name)
    {
        using var backing = Descriptor.OpenDevice(file);
        using var control = Descriptor.OpenDevice("/dev/loop-control");
        for (var attempt = 0; attempt < 32; attempt++)
        {
            var number = control.Control(GetFree, 0);
            if (number < 0)
            {
                throw NativeError.Last("a free loop device");
            }
            name = $"/dev/loop{number}";
            var device = Descriptor.OpenDevice(name);
            if (device.Control(Configure, Config(backing)))
            {
                return device;
            }
            var error = Marshal.GetLastPInvokeError();
            device.Dispose();
            if (error != Busy) // another program took the number between the two calls
            {
                throw new IOException($"The kernel refused loop device {name}: errno {error}.");
            }
        }
        throw new IOException("No loop device could be had in 32 attempts.");
    }

    /// <summary>Lets go of a device nobody has mounted; one in use detaches when its last user is gone.</summary>
    public static void Detach(string device)
    {
        using var descriptor = Descriptor.OpenDevice(device);
        descriptor.Control(Clear, 0);
    }

    private static byte[] Config(Descriptor backing)
    {
        var config = new byte[ConfigBytes];
        BinaryPrimitives.WriteInt32LittleEndian(config, backing.Number);
        // Direct I/O keeps the host from caching every page a second time; the kernel drops the flag where it cannot.
        BinaryPrimitives.WriteUInt32LittleEndian(config.AsSpan(FlagsOffset), AutoClear | DirectIo);
        return config;
    }
}
