using System.Globalization;

namespace Dbaas.Benchmarks.Scale;

/// <summary>What a process has used, as the kernel counts it.</summary>
/// <param name="ProcessorSeconds">User and system time.</param>
/// <param name="ResidentMib">Now.</param>
/// <param name="PeakMib">At most so far.</param>
internal sealed record ProcessMeter(double ProcessorSeconds, double ResidentMib, double PeakMib)
{
    private const double TicksASecond = 100; // USER_HZ of every Linux .NET runs on

    /// <summary>Null when the process is gone.</summary>
    public static ProcessMeter? Read(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // The name before may hold blanks; utime and stime are the 14th and 15th field of all.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var status = File.ReadAllLines($"/proc/{pid}/status");
            return new ProcessMeter(
                (Number(fields[11]) + Number(fields[12])) / TicksASecond,
                Mib(status, "VmRSS:"),
                Mib(status, "VmHWM:")
            );
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            return null;
        }
    }

    private static double Mib(string[] status, string name) =>
        Number(
            status
                .First(line => line.StartsWith(name, StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]
        ) / 1024;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
