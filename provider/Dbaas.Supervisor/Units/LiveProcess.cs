using System.Globalization;
using Dbaas.Supervisor.Native;

namespace Dbaas.Supervisor.Units;

/// <summary>What /proc says about processes, ours or adopted.</summary>
internal static class LiveProcess
{
    /// <summary>Environment variable that tells which unit, and which version of it, a process was started as.</summary>
    public const string FingerprintVariable = "DBAAS_UNIT_FINGERPRINT";
    private const string Mark = FingerprintVariable + "=";

    public static string BootId { get; } =
        File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Start time in ticks since boot; null when the process is gone or a zombie.</summary>
    public static long? StartTicks(int pid) =>
        Stat(pid) is { } fields && fields[0] is not ("Z" or "X")
            ? long.Parse(fields[19], CultureInfo.InvariantCulture)
            : null;

    /// <summary>The process that started it or took it over; null when it is gone.</summary>
    public static int? Parent(int pid) =>
        Stat(pid) is { } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : null;

    /// <summary>
    /// Fingerprint of the unit it was started as, from its own environment: the kernel keeps that as long as the process lives, whatever
    /// became of our records. Null: started by something that did not tell.
    /// </summary>
    public static string? Fingerprint(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ")
                .Split('\0')
                .FirstOrDefault(entry => entry.StartsWith(Mark, StringComparison.Ordinal))
                ?[Mark.Length..];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
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

    /// <summary>Fields of /proc/PID/stat from the state on; the program's name before them may itself hold spaces and parentheses.</summary>
    private static string[]? Stat(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
