using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Dbaas.Common;

/// <summary>
/// No core file of this process nor of anything it starts, machines and engines included, and no ptrace by the same user: a crash must not
/// put passwords, keys or tenants' rows on a disk. The limit is inherited and cannot be raised again without privilege.
/// </summary>
internal static partial class CoreDumps
{
    private const int SetDumpable = 4;
    private const int CoreSize = 4;

    /// <remarks>prctl(2), setrlimit(2).</remarks>
    /// <exception cref="Win32Exception">The kernel refused; the program must not run then.</exception>
    public static void Forbid()
    {
        var none = default(ResourceLimit);
        // Not dumpable as well: a core_pattern that is a pipe ignores the limit.
        Check(prctl(SetDumpable, 0, 0, 0, 0), "prctl(PR_SET_DUMPABLE)");
        Check(setrlimit(CoreSize, in none), "setrlimit(RLIMIT_CORE)");
    }

    private static void Check(int result, string call)
    {
        if (result < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call} failed");
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public nuint Current;
        public nuint Maximum;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, in ResourceLimit limit);
}
