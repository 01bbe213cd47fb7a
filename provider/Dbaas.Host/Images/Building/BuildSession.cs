using System.Globalization;
using System.Runtime.InteropServices;

namespace Dbaas.Host.Images.Building;

/// <summary>Ends all processes of a build: those of its session and those that work in its folder.</summary>
internal static partial class BuildSession
{
    private const int SigKill = 9;

    /// <summary>Sends SIGKILL to every process of the session. Does nothing when there is none.</summary>
    public static void Kill(int session)
    {
        foreach (var process in Members(session))
        {
            _ = SendSignal(process, SigKill);
        }
    }

    /// <summary>Ids of the living processes of a session.</summary>
    public static IReadOnlyList<int> Members(int session) =>
        [.. Processes().Where(process => SessionOf(process) == session)];

    /// <summary>
    /// Session that a process belongs to, or 0 when it ended. Fields of <c>/proc/PID/stat</c> after the parenthesised name: state,
    /// parent, group, session (proc(5)).
    /// </summary>
    public static int SessionOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? 0 : int.Parse(fields[3], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Whether a process was started with this text among its arguments.</summary>
    public static bool Mentions(int process, string text)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline")
                .Contains(text, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static IEnumerable<int> Processes() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(folder => Path.GetFileName(folder))
            .Where(name => char.IsAsciiDigit(name[0]))
            .Select(name => int.Parse(name, CultureInfo.InvariantCulture));

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
