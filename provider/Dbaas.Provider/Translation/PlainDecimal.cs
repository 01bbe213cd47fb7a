using System.Globalization;
using System.Numerics;

namespace Dbaas.Provider.Translation;

/// <summary>Decimal numbers as text, so that no digit is lost on the way through a double.</summary>
internal static class PlainDecimal
{
    // Terraform's own numbers have 512 bits; more digits than this can only be an attack on our memory.
    private const int MaxExponent = 1_000;

    /// <summary>Writes without exponent, leading plus or superfluous zeros: "1.50e1" becomes "15".</summary>
    /// <exception cref="FormatException">Not a decimal number, or its exponent is beyond ±1000.</exception>
    public static string Normalise(string text)
    {
        var span = text.AsSpan().Trim();
        var negative = span is ['-', ..];
        if (span is ['-' or '+', ..])
        {
            span = span[1..];
        }

        var exponent = 0;
        if (span.IndexOfAny('e', 'E') is >= 0 and var mark)
        {
            if (
                !int.TryParse(
                    span[(mark + 1)..],
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out exponent
                )
                || Math.Abs(exponent) > MaxExponent
            )
            {
                throw new FormatException($"'{text}' is no number that can be handled.");
            }

            span = span[..mark];
        }

        var point = span.IndexOf('.');
        var whole = point < 0 ? span : span[..point];
        var fraction = point < 0 ? [] : span[(point + 1)..];
        var digits = string.Concat(whole, fraction);
        if (digits.Length == 0 || digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            throw new FormatException($"'{text}' is not a decimal number.");
        }

        return Place(digits, whole.Length + exponent, negative);
    }

    /// <summary>Whether a double holds exactly this number: the denominator is a power of two and 53 bits suffice.</summary>
    public static bool IsExactDouble(string normalised)
    {
        var point = normalised.IndexOf('.');
        var places = point < 0 ? 0 : normalised.Length - point - 1;
        var mantissa = BigInteger.Parse(
            normalised.Replace(".", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture
        );
        var fives = BigInteger.Pow(5, places);
        return places < 300
            && BigInteger.Remainder(mantissa, fives).IsZero
            && BitsOf(BigInteger.Abs(mantissa / fives)) <= 53;
    }

    private static long BitsOf(BigInteger value)
    {
        while (!value.IsZero && value.IsEven)
        {
            value >>= 1;
        }

        return value.GetBitLength();
    }

    private static string Place(string digits, int point, bool negative)
    {
        if (point <= 0)
        {
            digits = new string('0', 1 - point) + digits;
            point = 1;
        }
        else if (point > digits.Length)
        {
            digits += new string('0', point - digits.Length);
        }

        var whole = digits[..point].TrimStart('0');
        var fraction = digits[point..].TrimEnd('0');
        var text = (whole.Length == 0 ? "0" : whole) + (fraction.Length == 0 ? "" : "." + fraction);
        return negative && text != "0" ? "-" + text : text;
    }
}
