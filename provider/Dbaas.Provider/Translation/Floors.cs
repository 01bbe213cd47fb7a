using System.Globalization;

namespace Dbaas.Provider.Translation;

/// <summary>Inputs that are floors: the platform may raise the value, and a declared one below what is there is met.</summary>
internal static class Floors
{
    /// <summary>Whether what is there is at least what is declared. Numbers by amount, texts as versions.</summary>
    public static bool IsMet(Value actual, Value floor) =>
        (actual, floor) switch
        {
            (Value.Number a, Value.Number b) => decimal.TryParse(
                a.Digits,
                CultureInfo.InvariantCulture,
                out var there
            )
                && decimal.TryParse(b.Digits, CultureInfo.InvariantCulture, out var wanted)
                && there >= wanted,
            (Value.Text a, Value.Text b) => CompareVersions(a.Content, b.Content) >= 0,
            _ => false,
        };

    /// <summary>Compares dotted numbers; what a version does not say counts as zero. Other texts count as lower.</summary>
    private static int CompareVersions(string left, string right)
    {
        var a = left.Split('.');
        var b = right.Split('.');
        for (var i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            if (
                !int.TryParse(
                    i < a.Length ? a[i] : "0",
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var x
                )
                || !int.TryParse(
                    i < b.Length ? b[i] : "0",
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var y
                )
            )
            {
                return -1;
            }

            if (x != y)
            {
                return x.CompareTo(y);
            }
        }

        return 0;
    }
}
