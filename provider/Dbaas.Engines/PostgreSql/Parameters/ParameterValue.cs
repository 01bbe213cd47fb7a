using System.Globalization;

namespace Dbaas.Engines.PostgreSql.Parameters;

/// <summary>A parameter value as PostgreSQL would understand it, or why it would not.</summary>
/// <param name="Canonical">As <c>pg_settings.setting</c> shows it: base units, <c>on</c>/<c>off</c>, enum in lower case.</param>
/// <param name="Number">The number behind integer and real values, in base units.</param>
internal readonly record struct ParameterValue(string Canonical, double? Number);

/// <summary>A value that PostgreSQL would not take.</summary>
/// <param name="Code">parameter.type, parameter.unit or parameter.range.</param>
internal sealed record ValueRefusal(string Code, string Message, string Allowed);

/// <summary>
/// Reads values by PostgreSQL's own rules (documentation, chapter "Setting Parameters": names and values; source
/// <c>guc.c</c>: <c>parse_bool</c>, <c>parse_int</c>, <c>parse_real</c>). One rule is stricter: a leading zero, which PostgreSQL
/// reads as octal, is refused, because hardly anybody who writes 010 means 8.
/// </summary>
internal static class ParameterValueReader
{
    private static readonly string[] BooleanWords = ["true", "false", "yes", "no", "on", "off"];

    public static ValueRefusal? Read(Parameter parameter, string text, out ParameterValue value)
    {
        value = new ParameterValue(text, null);
        if (text.AsSpan().ContainsAny('\0', '\n', '\r'))
        {
            return new ValueRefusal(
                "parameter.type",
                $"{parameter.Name} contains a line break or a zero character.",
                "one line of text"
            );
        }

        return parameter.Type switch
        {
            "bool" => ReadBoolean(parameter, text, out value),
            "enum" => ReadEnum(parameter, text, out value),
            "integer" or "real" => ReadNumber(parameter, text, out value),
            _ => null,
        };
    }

    /// <summary>True or false when the text is one of PostgreSQL's spellings (any unique prefix, any case), else null.</summary>
    internal static bool? Boolean(string text)
    {
        var word = text.Trim();
        if (word is "1" or "0")
        {
            return word == "1";
        }

        // "o" begins both on and off.
        if (word.Length == 0 || word.Equals("o", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var match = Array.Find(
            BooleanWords,
            candidate => candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        );
        return match is null ? null : match is "true" or "yes" or "on";
    }

    private static ValueRefusal? ReadBoolean(
        Parameter parameter,
        string text,
        out ParameterValue value
    )
    {
        var flag = Boolean(text);
        value = new ParameterValue(
            flag is null ? text
                : flag.Value ? "on"
                : "off",
            null
        );
        return flag is null
            ? new ValueRefusal(
                "parameter.type",
                $"{parameter.Name} is a switch; this is none of its values.",
                "on or off"
            )
            : null;
    }

    private static ValueRefusal? ReadEnum(
        Parameter parameter,
        string text,
        out ParameterValue value
    )
    {
        var found = parameter.Values.FirstOrDefault(candidate =>
            candidate.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase)
        );
        // Some enumerations grew out of switches and still take a switch's words (synchronous_commit, backslash_quote …).
        if (
            found is null
            && Boolean(text) is { } flag
            && parameter.Values.Contains("on")
            && parameter.Values.Contains("off")
        )
        {
            found = flag ? "on" : "off";
        }

        value = new ParameterValue(found ?? text, null);
        return found is null
            ? new ValueRefusal(
                "parameter.type",
                $"{parameter.Name} does not know this value.",
                string.Join(", ", parameter.Values)
            )
            : null;
    }

    private static ValueRefusal? ReadNumber(
        Parameter parameter,
        string text,
        out ParameterValue value
    )
    {
        value = new ParameterValue(text, null);
        var trimmed = text.Trim();
        var split = NumberLength(trimmed);
        var digits = trimmed[..split];
        var unit = trimmed[split..].Trim();
        if (!TryParse(digits, out var number))
        {
            return new ValueRefusal(
                "parameter.type",
                $"{parameter.Name} is a number; this is none.",
                Units.Range(parameter)
            );
        }

        if (unit.Length > 0)
        {
            if (Units.Factor(parameter.Unit, unit) is not { } factor)
            {
                var known = Units.Known(parameter.Unit);
                return new ValueRefusal(
                    "parameter.unit",
                    known.Length == 0
                        ? $"{parameter.Name} is a number without a unit."
                        : $"{parameter.Name} does not know this unit.",
                    known.Length == 0 ? Units.Range(parameter) : string.Join(", ", known)
                );
            }

            number *= factor;
        }

        if (parameter.Type == "integer")
        {
            number = Math.Round(number, MidpointRounding.ToEven);
        }

        var minimum = Bound(parameter.Minimum, double.MinValue);
        var maximum = Bound(parameter.Maximum, double.MaxValue);
        if (!(number >= minimum && number <= maximum))
        {
            return new ValueRefusal(
                "parameter.range",
                $"{parameter.Name} is out of range.",
                Units.Range(parameter)
            );
        }

        value = new ParameterValue(
            parameter.Type == "integer"
                ? ((long)number).ToString(CultureInfo.InvariantCulture)
                : number.ToString("R", CultureInfo.InvariantCulture),
            number
        );
        return null;
    }

    private static double Bound(string text, double otherwise) =>
        text.Length == 0 ? otherwise : double.Parse(text, CultureInfo.InvariantCulture);

    private static int NumberLength(string text)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            var hex = 2;
            while (hex < text.Length && char.IsAsciiHexDigit(text[hex]))
            {
                hex++;
            }

            return hex;
        }

        var length = 0;
        while (length < text.Length && IsNumberCharacter(text, length))
        {
            length++;
        }

        return length;
    }

    private static bool IsNumberCharacter(string text, int index) =>
        text[index] switch
        {
            >= '0' and <= '9' or '.' => true,
            '+' or '-' => index == 0 || text[index - 1] is 'e' or 'E',
            // An exponent only when a number follows, so that a unit may begin with e one day.
            'e' or 'E' => index > 0
                && index + 1 < text.Length
                && text[index + 1] is (>= '0' and <= '9') or '+' or '-',
            _ => false,
        };

    private static bool TryParse(string digits, out double number)
    {
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            var parsed = long.TryParse(
                digits.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var hex
            );
            number = hex;
            return parsed;
        }

        var unsigned = digits.AsSpan().TrimStart("+-");
        if (unsigned.Length > 1 && unsigned[0] == '0' && char.IsAsciiDigit(unsigned[1]))
        {
            number = 0;
            return false;
        }

        return double.TryParse(
                digits,
                NumberStyles.AllowLeadingSign
                    | NumberStyles.AllowDecimalPoint
                    | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out number
            ) && double.IsFinite(number);
    }
}
