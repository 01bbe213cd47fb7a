using System.Diagnostics;
using System.Globalization;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>/proc, read as it is.</summary>
public static class ProcessTable
{
    public static IEnumerable<int> Where(Func<int, bool> condition) =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(folder =>
                int.TryParse(
                    Path.GetFileName(folder),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var pid
                )
                    ? pid
                    : 0
            )
            .Where(pid => pid > 0 && IsAlive(pid) && condition(pid));

    public static string CommandLine(int pid) => Read($"/proc/{pid}/cmdline");

    public static string Environment(int pid) => Read($"/proc/{pid}/environ");

    public static string Cgroups(int pid) => Read($"/proc/{pid}/cgroup");

    /// <summary>Largest core file it may leave, in bytes: a number or <c>unlimited</c>; empty when it is gone.</summary>
    public static string CoreLimit(int pid) =>
        Read($"/proc/{pid}/limits")
            .Split('\n')
            .FirstOrDefault(line => line.StartsWith("Max core file size", StringComparison.Ordinal))
            ?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[5]
        ?? "";

    public static string Program(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/exe").LinkTarget ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    public static int Parent(int pid)
    {
        var stat = Read($"/proc/{pid}/stat");
        return stat.Length == 0
            ? 0
            : int.Parse(
                stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1],
                CultureInfo.InvariantCulture
            );
    }

    /// <summary>When it started, in the kernel's ticks since boot; 0 when it is gone. Tells a process from a later one of the same number.</summary>
    public static long StartTicks(int pid)
    {
        var stat = Read($"/proc/{pid}/stat");
        return stat.Length == 0
            ? 0
            : long.Parse(
                stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19],
                CultureInfo.InvariantCulture
            );
    }

    public static bool IsAlive(int pid)
    {
        var stat = Read($"/proc/{pid}/stat");
        return stat.Length > 0 && stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
    }

    /// <summary>SIGKILL; a process that is gone already is no error.</summary>
    public static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
