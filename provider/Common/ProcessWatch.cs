using System.Runtime.InteropServices;

namespace Dbaas.Common;

/// <summary>
/// Watches for the end of a process, which need not be our child, by its descriptor (pidfd_open(2)): noticed at once, where a look every now and then
/// comes late by half its pause.
/// </summary>
internal static partial class ProcessWatch
{
    // Watching is one blocking poll; the default megabyte and a half of stack would be waste.
    private const int StackBytes = 256 * 1024;
    private const nint OpenCall = 434;
    private const short Readable = 1;
    private const int Interrupted = 4;

    /// <summary>Has a thread wait for it.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="ended">Done on that thread before anybody else hears of the end.</param>
    /// <returns>
    /// Completes when the process has ended, a zombie included. Null when the kernel gives no descriptor, with the reason in
    /// <see cref="Marshal.GetLastPInvokeError"/>: ESRCH when there is no such process.
    /// </returns>
    public static Task? Begin(int pid, Action? ended = null)
    {
        var descriptor = (int)syscall(OpenCall, pid, 0);
        if (descriptor < 0)
        {
            return null;
        }

        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(
            () =>
            {
                var waited = new PollDescriptor { Descriptor = descriptor, Events = Readable };
                while (poll(ref waited, 1, -1) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
                { }
                ended?.Invoke();
                _ = close(descriptor);
                reached.SetResult();
            },
            StackBytes
        )
        {
            IsBackground = true,
            Name = $"watch-{pid}",
        }.Start();
        return reached.Task;
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

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
