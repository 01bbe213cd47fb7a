namespace Dbaas.Engines.MySql;

/// <summary>How names and texts are written into SQL.</summary>
internal static class SqlText
{
    /// <summary>The name as a quoted identifier: whatever it contains, it is one name and nothing else.</summary>
    public static string Name(string name) =>
        $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    /// <summary>
    /// The text as a hexadecimal constant, which no <c>sql_mode</c> reads differently (NO_BACKSLASH_ESCAPES and ANSI_QUOTES change what
    /// quotes and backslashes mean).
    /// </summary>
    public static string Text(string text) =>
        text.Length == 0
            ? "''"
            : $"_utf8mb4 0x{Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text))}";

    /// <summary>Bytes as a hexadecimal constant.</summary>
    public static string Bytes(ReadOnlySpan<byte> bytes) => $"0x{Convert.ToHexString(bytes)}";

    /// <summary>A text between single quotes, for the places that take no other constant. It must hold no quote and no backslash.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public static string Plain(string text) =>
        text.AsSpan().ContainsAny('\'', '\\', '\0')
            ? throw new ArgumentException(
                "A quote or backslash cannot be written here.",
                nameof(text)
            )
            : $"'{text}'";
}
