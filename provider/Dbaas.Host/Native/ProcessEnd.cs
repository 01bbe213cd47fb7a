using System.Runtime.InteropServices;
using Dbaas.Common;

namespace Dbaas.Host.Native;

/// <summary>The end of a process that is not our child.</summary>
internal static class ProcessEnd
{
    private const int NoSuchProcess = 3;

    /// <summary>Completes when the process has ended, a zombie included; at once when there is none. A thread waits until then.</summary>
    /// <exception cref="IOException">The kernel gives no descriptor.</exception>
    public static Task Of(int pid)
    {
        if (pid <= 0)
        {
            return Task.CompletedTask;
        }

        return ProcessWatch.Begin(pid)
            ?? (
                Marshal.GetLastPInvokeError() == NoSuchProcess
                    ? Task.CompletedTask
                    : throw NativeError.Last($"watching process {pid}")
            );
    }
}
