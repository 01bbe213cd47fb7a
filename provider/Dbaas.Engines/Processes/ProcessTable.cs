using System.Globalization;

namespace Dbaas.Engines.Processes;

/// <summary>What <c>/proc</c> says about processes of this machine.</summary>
internal static class ProcessTable
{
    /// <summary>Arguments of a process, the program first; empty when it is gone or a zombie.</summary>
    public static IReadOnlyList<string> Arguments(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline")
                .Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // What the kernel appends to the name of a folder that was removed below a process.
    private const string Removed = " (deleted)";

    /// <summary>Processes whose working directory is <paramref name="folder"/>, or was before it was removed.</summary>
    public static IReadOnlyList<int> WorkingIn(string folder)
    {
        List<int> found = [];
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(
                    Path.GetFileName(entry),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var pid
                )
                && WorkingDirectory(pid) is { } directory
                && (directory == folder || directory == folder + Removed)
            )
            {
                found.Add(pid);
            }
        }

        return found;
    }

    /// <summary>The working directory of a process, or null.</summary>
    public static string? WorkingDirectory(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/cwd").LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>When a process started, in clock ticks since boot; with the number it names one process for ever. Zero when gone.</summary>
    public static long StartTicks(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            // The name in parentheses may contain anything, so count from its end: the field is number 22, the state number 3.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
