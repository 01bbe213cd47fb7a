using System.Globalization;

namespace Dbaas.Engines.MySql.Parameters;

/// <summary>A value that MySQL would not take.</summary>
/// <param name="Code">parameter.type, parameter.unit or parameter.range.</param>
internal sealed record ValueRefusal(string Code, string Message, string Allowed);

/// <summary>
/// Reads values by MySQL's own rules (manual, "Using Options to Set Program Variables": suffixes K, M, G, T, P and E in either case,
/// with a factor of 1024, on any whole number; booleans are ON, TRUE, 1 and their opposites; enumerations are taken by name or by
/// number). Two rules are stricter: a fraction of a whole number and a value beyond the range are refused, while the server would
/// round and only warn.
/// </summary>
internal static class ValueReader
{
    private const string Suffixes = "KMGTPE";

    /// <summary>Null and the canonical spelling when the text is understood, else why not.</summary>
    public static ValueRefusal? Read(Parameter parameter, string text, out string canonical)
    {
        canonical = text;
        // The option file ends a value at a line break; a double quote would end it in the middle.
        if (text.AsSpan().ContainsAny("\0\n\r\""))
        {
            return new ValueRefusal(
                "parameter.type",
                $"{parameter.Name} contains a line break, a zero character or a double quote.",
                "one line of text without double quotes"
            );
        }

        return parameter.Type switch
        {
            "bool" => ReadBoolean(parameter, text, out canonical),
            "enum" => ReadEnum(parameter, text, out canonical),
            "set" => ReadSet(parameter, text, out canonical),
            "integer" => ReadInteger(parameter, text, out canonical),
            "real" => ReadReal(parameter, text, out canonical),
            _ => null,
        };
    }

    private static ValueRefusal? ReadBoolean(Parameter parameter, string text, out string canonical)
    {
        var word = text.Trim().ToUpperInvariant();
        canonical =
            word is "ON" or "TRUE" or "1" ? "ON"
            : word is "OFF" or "FALSE" or "0" ? "OFF"
            : "";
        return canonical.Length > 0
            ? null
            : new ValueRefusal(
                "parameter.type",
                $"{parameter.Name} is a switch; this is none of its values.",
                "ON or OFF"
            );
    }

    private static ValueRefusal? ReadEnum(Parameter parameter, string text, out string canonical)
    {
        var word = text.Trim();
        canonical = word;
        // Of a few, the server does not tell which values there are.
        if (parameter.Values.Count == 0)
        {
            return null;
        }

        var found =
            parameter.Values.FirstOrDefault(value =>
                value.Equals(word, StringComparison.OrdinalIgnoreCase)
            )
            ?? (
                int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && index < parameter.Values.Count
                    ? parameter.Values[index]
                    : null
            );
        canonical = found ?? text;
        return found is null ? Unknown(parameter, text) : null;
    }

    private static ValueRefusal? ReadSet(Parameter parameter, string text, out string canonical)
    {
        canonical = text.Trim();
        // Flag sets (optimizer_switch) are lists of name=value, of which the rest keep their default; the server reads them itself.
        if (parameter.Values.Count == 0 || canonical.Length == 0 || canonical.Contains('='))
        {
            return null;
        }

        List<string> members = [];
        foreach (
            var word in canonical.Split(
                ',',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            if (
                parameter.Values.FirstOrDefault(value =>
                    value.Equals(word, StringComparison.OrdinalIgnoreCase)
                )
                is not { } member
            )
            {
                canonical = text;
                return Unknown(parameter, word);
            }

            members.Add(member);
        }

        // The order means nothing; the server shows its own.
        canonical = string.Join(',', parameter.Values.Where(members.Contains));
        return null;
    }

    private static ValueRefusal? ReadInteger(Parameter parameter, string text, out string canonical)
    {
        canonical = text;
        var trimmed = text.Trim();
        var digits = trimmed
            .TakeWhile((c, i) => char.IsAsciiDigit(c) || (i == 0 && c is '-' or '+'))
            .Count();
        var unit = trimmed[digits..].Trim();
        if (
            !decimal.TryParse(
                trimmed[..digits],
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
        {
            return new ValueRefusal(
                "parameter.type",
                $"{parameter.Name} is a whole number; this is none.",
                Range(parameter)
            );
        }

        if (unit.Length > 0)
        {
            var power =
                unit.Length == 1
                    ? Suffixes.IndexOf(char.ToUpperInvariant(unit[0]), StringComparison.Ordinal)
                    : -1;
            if (power < 0)
            {
                return new ValueRefusal(
                    "parameter.unit",
                    $"{parameter.Name} does not know this unit.",
                    "K, M, G, T, P or E right after the number"
                );
            }

            if (number > 1_000_000_000_000)
            {
                return OutOfRange(parameter, text);
            }

            for (var i = 0; i <= power; i++)
            {
                number *= 1024;
            }
        }

        if (
            number < Bound(parameter.Minimum, decimal.MinValue)
            || number > Bound(parameter.Maximum, ulong.MaxValue)
        )
        {
            return OutOfRange(parameter, text);
        }

        canonical = number.ToString("0", CultureInfo.InvariantCulture);
        return null;
    }

    private static ValueRefusal? ReadReal(Parameter parameter, string text, out string canonical)
    {
        canonical = text;
        if (
            !double.TryParse(
                text.Trim(),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var number
            ) || !double.IsFinite(number)
        )
        {
            return new ValueRefusal(
                "parameter.type",
                $"{parameter.Name} is a number; this is none.",
                Range(parameter)
            );
        }

        if (
            number < (double)Bound(parameter.Minimum, decimal.MinValue)
            || number > (double)Bound(parameter.Maximum, decimal.MaxValue)
        )
        {
            return OutOfRange(parameter, text);
        }

        canonical = number.ToString("0.######", CultureInfo.InvariantCulture);
        return null;
    }

    private static decimal Bound(string text, decimal otherwise) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound)
            ? bound
            : otherwise;

    /// <summary>The range in words, e.g. "5242880 to 9223372036854775807 bytes; K, M, G may follow the number".</summary>
    internal static string Range(Parameter parameter)
    {
        var range = (parameter.Minimum, parameter.Maximum) switch
        {
            ("", "") => "a number",
            ("", var maximum) => $"at most {maximum}",
            (var minimum, "") => $"at least {minimum}",
            var (minimum, maximum) => $"{minimum} to {maximum}",
        };
        return parameter.Unit == "B" ? $"{range} bytes; K, M, G may follow the number" : range;
    }

    private static ValueRefusal OutOfRange(Parameter parameter, string text) =>
        new("parameter.range", $"{parameter.Name} is out of range.", Range(parameter));

    private static ValueRefusal Unknown(Parameter parameter, string text) =>
        new(
            "parameter.type",
            $"{parameter.Name} does not know this value.",
            string.Join(", ", parameter.Values)
        );
}
