using System.Globalization;
using System.Text;

namespace Dbaas.Engines.PostgreSql;

/// <summary>Which names a user's database may have, and how names are written into SQL.</summary>
internal static class DatabaseNames
{
    /// <summary>NAMEDATALEN - 1; PostgreSQL cuts longer names without an error, which would create another database than asked for.</summary>
    public const int MaximumBytes = 63;

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "postgres",
        "template0",
        "template1",
        "rdsadmin",
        "information_schema",
        "performance_schema",
        "mysql",
        "sys",
        "all",
        "sameuser",
        "samerole",
        "replication",
    };

    /// <summary>Null when the name may be used, else what is wrong and what is right.</summary>
    public static string? Refuse(string name)
    {
        if (name.Length == 0 || string.IsNullOrWhiteSpace(name))
        {
            return "A database needs a name of 1 to 63 bytes.";
        }

        if (!IsWellFormed(name))
        {
            return "The name contains an unpaired surrogate; write valid Unicode.";
        }

        var bytes = Encoding.UTF8.GetByteCount(name);
        if (bytes > MaximumBytes)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The name has {bytes} bytes in UTF-8; at most {MaximumBytes} are allowed."
            );
        }

        if (Reserved.Contains(name))
        {
            return $"\"{name}\" is reserved; choose another name.";
        }

        if (name.StartsWith("pg_", StringComparison.OrdinalIgnoreCase))
        {
            return "Names that begin with pg_ are reserved for the engine.";
        }

        if (name != name.Trim())
        {
            return "The name begins or ends with a space.";
        }

        foreach (var rune in name.EnumerateRunes())
        {
            // Invisible and direction-changing characters let two names look alike.
            if (
                Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.PrivateUse
                    or UnicodeCategory.OtherNotAssigned
            )
            {
                return "The name contains a control or invisible character; use letters, digits, underscore and other visible characters.";
            }
        }

        return null;
    }

    /// <summary>The name as a quoted identifier: whatever it contains, it is one name and nothing else.</summary>
    public static string Quote(string name) =>
        $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The text as a string constant, safe whatever standard_conforming_strings says.</summary>
    public static string Literal(string text) =>
        $" E'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    private static bool IsWellFormed(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsSurrogate(name[i]))
            {
                if (i + 1 >= name.Length || !char.IsSurrogatePair(name[i], name[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }
}
