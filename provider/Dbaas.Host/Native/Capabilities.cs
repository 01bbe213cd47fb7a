using System.Globalization;

namespace Dbaas.Host.Native;

/// <summary>What the kernel lets this process do. Root in a sandbox may lack some.</summary>
internal static class Capabilities
{
    /// <summary>Needed to grow a mounted ext4 and to raise limits.</summary>
    public const int SystemResource = 24;

    public static bool Has(int capability) => (Effective() & (1UL << capability)) != 0;

    private static ulong Effective() =>
        ulong.Parse(
            File.ReadLines("/proc/self/status")
                .First(line => line.StartsWith("CapEff:", StringComparison.Ordinal))[7..]
                .Trim(),
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture
        );
}
