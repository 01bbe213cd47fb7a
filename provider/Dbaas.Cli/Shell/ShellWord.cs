namespace Dbaas.Cli.Shell;

/// <summary>Quotes for POSIX shells.</summary>
internal static class ShellWord
{
    /// <summary>Single quotes keep everything but themselves.</summary>
    public static string Quote(string value) =>
        "'" + value.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
