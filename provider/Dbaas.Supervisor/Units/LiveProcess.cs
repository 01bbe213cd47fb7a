using System.Globalization;
using Dbaas.Supervisor.Native;

namespace Dbaas.Supervisor.Units;

/// <summary>What /proc says about processes, ours or adopted.</summary>
internal static class LiveProcess
{
    public static string BootId { get; } =
        File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Start time in ticks since boot; null when the process is gone or a zombie.</summary>
    public static long? StartTicks(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (Exception exception)
            when (exception is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return null;
        }

        // The program's name, in parentheses, may itself hold spaces and parentheses.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X"
            ? null
            : long.Parse(fields[19], CultureInfo.InvariantCulture);
    }

    public static bool IsAlive(ProcessRecord record) =>
        record.BootId == BootId && StartTicks(record.Pid) == record.StartTicks;

    /// <summary>
    /// The process with this program name and exactly these arguments, of whatever version. Finds a unit whose supervisor died between
    /// starting it and writing that down; a second one beside it would fight for its port and its files.
    /// </summary>
    public static int? Find(string program, IReadOnlyList<string> arguments)
    {
        var wanted = string.Join('\0', ["/" + Path.GetFileName(program), .. arguments]) + '\0';
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                !int.TryParse(
                    Path.GetFileName(folder),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var pid
                )
            )
            {
                continue;
            }

            try
            {
                if (
                    File.ReadAllText($"{folder}/cmdline").EndsWith(wanted, StringComparison.Ordinal)
                    && StartTicks(pid) is not null
                )
                {
                    return pid;
                }
            }
            catch (Exception exception)
                when (exception is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked.
            }
        }

        return null;
    }

    /// <summary>Asks it to end, and makes it end when it does not.</summary>
    public static async Task StopAsync(
        ProcessRecord record,
        TimeSpan grace,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (!IsAlive(record) || !Libc.Signal(record.Pid, Libc.Terminate))
        {
            return;
        }

        var began = time.GetTimestamp();
        while (IsAlive(record))
        {
            if (time.GetElapsedTime(began) > grace)
            {
                Libc.Signal(record.Pid, Libc.Kill);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }
    }
}
