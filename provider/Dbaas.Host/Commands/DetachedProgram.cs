using System.Runtime.InteropServices;

namespace Dbaas.Host.Commands;

/// <summary>
/// Starts a program whose descendants outlive us. Their output must go to a file: a pipe to the daemon would break when the daemon
/// is replaced, and every database would die of SIGPIPE with it. <see cref="System.Diagnostics.Process"/> cannot do that.
/// </summary>
internal static unsafe partial class DetachedProgram
{
    private const int OpaqueBytes = 1024; // posix_spawnattr_t is 336 bytes and file_actions 80 in glibc; sigset_t 128
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const int ReadOnly = 0x0;
    private const int WriteCreateAppend = 0x1 | 0x40 | 0x400;

    /// <summary>Runs to the end of the program itself; what it left behind keeps running.</summary>
    /// <param name="program">Absolute path or a name in the PATH.</param>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="outputFile">Appended to; standard output and error of the program and its descendants.</param>
    /// <returns>Exit code, or 128 plus the signal that ended it.</returns>
    public static Task<int> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        string outputFile
    ) =>
        Task.Run(() =>
        {
            var pid = Start(program, arguments, outputFile);
            int status;
            while (waitpid(pid, &status, 0) < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (error != 4) // EINTR
                {
                    throw new IOException($"waitpid for {program} failed with errno {error}.");
                }
            }
            var signal = status & 0x7f;
            return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
        });

    private static int Start(string program, IReadOnlyList<string> arguments, string outputFile)
    {
        var actions = stackalloc byte[OpaqueBytes];
        var attributes = stackalloc byte[OpaqueBytes];
        var signals = stackalloc byte[128];
        Check(posix_spawn_file_actions_init(actions));
        Check(posix_spawnattr_init(attributes));
        try
        {
            // The runtime ignores SIGPIPE and blocks some signals; an engine that inherits this misbehaves.
            _ = sigemptyset(signals);
            Check(posix_spawnattr_setsigmask(attributes, signals));
            _ = sigfillset(signals);
            Check(posix_spawnattr_setsigdefault(attributes, signals));
            Check(posix_spawnattr_setflags(attributes, SetSignalDefaults | SetSignalMask));
            Check(posix_spawn_file_actions_addopen(actions, 0, "/dev/null", ReadOnly, 0));
            Check(
                posix_spawn_file_actions_addopen(
                    actions,
                    1,
                    outputFile,
                    WriteCreateAppend,
                    0x180 // 0600
                )
            );
            Check(posix_spawn_file_actions_adddup2(actions, 1, 2));

            string?[] argv = [program, .. arguments, null];
            string?[] environment =
            [
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "LC_ALL=C",
                null,
            ];
            Check(posix_spawnp(out var pid, program, actions, attributes, argv, environment));
            return pid;
        }
        finally
        {
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new IOException($"A program could not be started: errno {error}.");
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawnp(
        out int pid,
        string file,
        byte* actions,
        byte* attributes,
        string?[] argv,
        string?[] environment
    );

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(
        byte* actions,
        int descriptor,
        string path,
        int flags,
        uint mode
    );

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int from, int to);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int sigemptyset(byte* signals);

    [LibraryImport("libc")]
    private static partial int sigfillset(byte* signals);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int pid, int* status, int options);
}
