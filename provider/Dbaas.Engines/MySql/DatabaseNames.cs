using System.Globalization;

namespace Dbaas.Engines.MySql;

/// <summary>Which names a user's database may have (MySQL manual, "Identifier Length Limits" and "Mapping of Identifiers to File Names").</summary>
internal static class DatabaseNames
{
    public const int MaximumCharacters = 64;

    /// <summary>A database is a folder; a character beyond letters, digits and underscore takes up to five in its name.</summary>
    private const int MaximumFileName = 255;
    private const int EncodedCharacter = 5;

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "mysql",
        "sys",
        "information_schema",
        "performance_schema",
        "ndbinfo",
        "dbaas",
    };

    /// <summary>Null when the name may be used, else what is wrong and what is right.</summary>
    public static string? Refuse(string name)
    {
        if (name.Length == 0 || string.IsNullOrWhiteSpace(name))
        {
            return "A database needs a name of 1 to 64 characters.";
        }

        if (name.Any(char.IsSurrogate))
        {
            return "The name contains a character beyond U+FFFF, which MySQL does not take in names.";
        }

        if (name.Length > MaximumCharacters)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The name has {name.Length} characters; at most {MaximumCharacters} are allowed."
            );
        }

        if (
            name.Sum(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? 1 : EncodedCharacter)
            > MaximumFileName
        )
        {
            return "The name is too long for the server's file system, which takes five bytes for each character other than letters, "
                + "digits and underscore; shorten it.";
        }

        if (Reserved.Contains(name))
        {
            return $"\"{name}\" is reserved; choose another name.";
        }

        if (name.StartsWith("#mysql50#", StringComparison.OrdinalIgnoreCase))
        {
            return "Names that begin with #mysql50# are reserved for the engine.";
        }

        if (name != name.Trim())
        {
            return "The name begins or ends with a space.";
        }

        // Invisible and direction-changing characters let two names look alike.
        return name.Any(c =>
            char.GetUnicodeCategory(c)
                is UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.PrivateUse
                    or UnicodeCategory.OtherNotAssigned
        )
            ? "The name contains a control or invisible character; use letters, digits, underscore and other visible characters."
            : null;
    }
}
