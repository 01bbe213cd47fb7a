using System.Runtime.InteropServices;

namespace Dbaas.Host.Native;

/// <summary>kill(2).</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>False when no such process exists.</summary>
    public static bool Send(int pid, int signal) =>
        pid > 1
            ? kill(pid, signal) == 0
            : throw new ArgumentOutOfRangeException(nameof(pid), pid, "Not a process of ours.");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
