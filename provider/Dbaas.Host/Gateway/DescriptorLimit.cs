using System.Globalization;

namespace Dbaas.Host.Gateway;

/// <summary>How many connections this host's limit on open files allows; HAProxy refuses to start when it is promised more.</summary>
internal static class DescriptorLimit
{
    /// <summary>For listeners, health checks and HAProxy's own files.</summary>
    private const long Reserve = 3_000;

    /// <summary>At most <paramref name="wanted"/>; each connection takes two descriptors.</summary>
    public static int Connections(int wanted, string limitsFile = "/proc/self/limits") =>
        (int)Math.Clamp((Hard(limitsFile) - Reserve) / 2, 100, wanted);

    /// <summary>The hard limit, which containers inherit (proc(5): name, soft, hard, unit).</summary>
    private static long Hard(string limitsFile)
    {
        var words = File.ReadLines(limitsFile)
            .First(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.TryParse(words[4], CultureInfo.InvariantCulture, out var hard)
            ? hard
            : long.MaxValue;
    }
}
