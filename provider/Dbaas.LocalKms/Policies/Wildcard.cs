using System.IO.Enumeration;

namespace Dbaas.LocalKms.Policies;

/// <summary>Patterns of policies: * is any run of characters, ? any one.</summary>
internal static class Wildcard
{
    public static bool Matches(string pattern, string text, bool ignoreCase = false) =>
        FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase);
}
