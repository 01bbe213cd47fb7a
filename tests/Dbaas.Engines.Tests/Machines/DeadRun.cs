using System.Diagnostics;
using System.Globalization;

namespace Dbaas.Engines.Tests.Machines;

/// <summary>
/// What a run leaves running whose test host was killed: its store and its machines live on behind <c>unshare</c>, hold their addresses
/// and ports, and would make every later run fail.
/// </summary>
internal static class DeadRun
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    /// <summary>Kills every <c>unshare</c> that was started for something below the folder, with all that is inside it, and waits for the end.</summary>
    public static async Task SweepAsync(string root)
    {
        // Its child, too: it is the first process of its namespace and takes everything along, but a machine's has changed its user, and
        // the kernel forgets then that it is to die with unshare.
        var left = Processes(root).SelectMany(pid => Children(pid).Append(pid)).ToList();
        foreach (var pid in left)
        {
            Kill(pid);
        }

        await Eventually.BecomesAsync(
            () => Task.FromResult(string.Join(' ', left.Where(IsAlive))),
            alive => alive.Length == 0,
            s_deadline
        );
    }

    private static IEnumerable<int> Processes(string root) =>
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
            .Where(pid =>
                pid > 0
                && Read($"/proc/{pid}/cmdline") is var line
                && line.StartsWith("unshare\0", StringComparison.Ordinal)
                && line.Contains(root + "/", StringComparison.Ordinal)
            );

    private static IEnumerable<int> Children(int pid) =>
        Read($"/proc/{pid}/task/{pid}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture));

    private static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    private static bool IsAlive(int pid)
    {
        // The state follows the name, which is in brackets and may hold anything.
        var stat = Read($"/proc/{pid}/stat");
        return stat.Length > 0 && stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
    }

    /// <summary>Empty once it has ended.</summary>
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
