using System.Runtime.InteropServices;

namespace Dbaas.Host.Native;

/// <summary>
/// The end of a process that is not our child, by its descriptor (pidfd_open(2)): noticed at once, where a look every now and then
/// comes late by half its pause.
/// </summary>
internal static partial class ProcessEnd
{
    // Watching is one blocking poll; the default megabyte and a half of stack would be waste.
    private const int StackBytes = 256 * 1024;
    private const nint OpenCall = 434;
    private const short Readable = 1;
    private const int NoSuchProcess = 3;
    private const int Interrupted = 4;

    /// <summary>Completes when the process has ended, a zombie included; at once when there is none. A thread waits until then.</summary>
    /// <exception cref="IOException">The kernel gives no descriptor.</exception>
    public static Task Of(int pid)
    {
        if (pid <= 0)
        {
            return Task.CompletedTask;
        }
        var descriptor = (int)syscall(OpenCall, pid, 0);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() == NoSuchProcess
                ? Task.CompletedTask
                : throw NativeError.Last($"watching process {pid}");
        }
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Wait(descriptor, ended), StackBytes)
        {
            IsBackground = true,
            Name = $"watch-{pid}",
        }.Start();
        return ended.Task;
    }

    private static void Wait(int descriptor, TaskCompletionSource ended)
    {
        var waited = new PollDescriptor { Descriptor = descriptor, Events = Readable };
        while (poll(ref waited, 1, -1) < 0 && Marshal.GetLastPInvokeError() == Interrupted) { }
        _ = close(descriptor);
        ended.SetResult();
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);
}
