namespace Dbaas.LocalKms.Protocol;

/// <summary>AWS JSON 1.1 writes times as seconds since 1970 with a fraction.</summary>
internal static class EpochSeconds
{
    public static double From(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
