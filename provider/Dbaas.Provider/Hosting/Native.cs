using System.Runtime.InteropServices;

namespace Dbaas.Provider.Hosting;

/// <summary>The few calls of libc that .NET does not offer.</summary>
internal static partial class Native
{
    /// <summary>Sets a variable where C libraries see it; <see cref="Environment.SetEnvironmentVariable(string, string?)"/> does not.</summary>
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "getppid")]
    internal static partial int ParentProcessId();

    /// <summary>Whether somebody may still read what this process writes to its standard output; false when the other end is closed.</summary>
    internal static bool OutputIsRead()
    {
        var output = new PollDescriptor { File = StandardOutput };
        return Poll(ref output, 1, timeoutMilliseconds: 0) <= 0 || (output.Returned & Broken) == 0;
    }

    private const int StandardOutput = 1;

    // POLLERR: what poll(2) says of a pipe whose reader is gone.
    private const short Broken = 0x8;

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollDescriptor files, nuint count, int timeoutMilliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int File;
        public short Requested;
        public short Returned;
    }
}
