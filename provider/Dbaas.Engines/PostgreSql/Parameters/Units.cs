using System.Globalization;

namespace Dbaas.Engines.PostgreSql.Parameters;

/// <summary>
/// PostgreSQL's units (documentation, "Setting Parameters"): memory B kB MB GB TB with a factor of 1024, time us ms s min h d.
/// They are case-sensitive. A base unit may be a block (8kB).
/// </summary>
internal static class Units
{
    private static readonly Dictionary<string, double> Bytes = new(StringComparer.Ordinal)
    {
        ["B"] = 1,
        ["kB"] = 1024,
        ["MB"] = 1024.0 * 1024,
        ["GB"] = 1024.0 * 1024 * 1024,
        ["TB"] = 1024.0 * 1024 * 1024 * 1024,
    };

    private static readonly Dictionary<string, double> Microseconds = new(StringComparer.Ordinal)
    {
        ["us"] = 1,
        ["ms"] = 1_000,
        ["s"] = 1_000_000,
        ["min"] = 60_000_000,
        ["h"] = 3_600_000_000,
        ["d"] = 86_400_000_000,
    };

    /// <summary>How many base units one <paramref name="unit"/> is, or null when the parameter does not know the unit.</summary>
    public static double? Factor(string baseUnit, string unit)
    {
        if (Microseconds.TryGetValue(baseUnit, out var microseconds))
        {
            return Microseconds.TryGetValue(unit, out var time) ? time / microseconds : null;
        }

        return BytesOf(baseUnit) is { } bytes && Bytes.TryGetValue(unit, out var size)
            ? size / bytes
            : null;
    }

    /// <summary>Units that may be written after a number; empty for plain numbers.</summary>
    public static string[] Known(string baseUnit) =>
        Microseconds.ContainsKey(baseUnit) ? [.. Microseconds.Keys]
        : BytesOf(baseUnit) is not null ? [.. Bytes.Keys]
        : [];

    /// <summary>Bytes behind a base unit such as 8kB, or null when the unit is none of memory.</summary>
    public static double? BytesOf(string baseUnit)
    {
        var digits = baseUnit.TakeWhile(char.IsAsciiDigit).Count();
        var blocks =
            digits == 0 ? 1 : int.Parse(baseUnit.AsSpan(0, digits), CultureInfo.InvariantCulture);
        return Bytes.TryGetValue(baseUnit[digits..], out var size) ? blocks * size : null;
    }

    /// <summary>The range in words, e.g. "16 to 1073741823 (unit 8kB)".</summary>
    public static string Range(Parameter parameter)
    {
        var range = (parameter.Minimum, parameter.Maximum) switch
        {
            ("", "") => "a number",
            ("", var maximum) => $"at most {maximum}",
            (var minimum, "") => $"at least {minimum}",
            var (minimum, maximum) => $"{minimum} to {maximum}",
        };
        return parameter.Unit.Length == 0 ? range : $"{range} (unit {parameter.Unit})";
    }

    /// <summary>A size for people: 1536 MiB becomes 1536MB, 2 GiB becomes 2GB.</summary>
    public static string Readable(double bytes)
    {
        string[] units = ["TB", "GB", "MB", "kB"];
        var unit = Array.Find(units, name => bytes >= Bytes[name] && bytes % Bytes[name] == 0);
        return unit is null
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(bytes / 1024)}kB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / Bytes[unit]}{unit}");
    }
}
