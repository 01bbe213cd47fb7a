using System.Globalization;
using System.Text;
using Dbaas.Provider.Inputs;

namespace Dbaas.Provider.Pulumi.Values;

/// <summary>Paths as Pulumi writes them: <c>window.start</c>, <c>tags["a.b"]</c>, <c>networks[0]</c>.</summary>
internal static class PropertyPath
{
    private const string Anything = "*";

    public static string Write(InputPath path)
    {
        var text = new StringBuilder();
        foreach (var step in path.Steps)
        {
            switch (step)
            {
                case InputStep.Index index:
                    text.Append(CultureInfo.InvariantCulture, $"[{index.Position}]");
                    break;
                default:
                    AppendName(text, NameOf(step));
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>The property of the resource a path leads into.</summary>
    public static string Top(InputPath path) => path.Steps.Count > 0 ? NameOf(path.Steps[0]) : "";

    /// <summary>Whether a pattern of the user (with wildcards) means this path or something around it.</summary>
    public static bool Covers(string pattern, InputPath path)
    {
        var wanted = Parse(pattern);
        return wanted.Count > 0
            && wanted.Count <= path.Steps.Count
            && wanted
                .Zip(path.Steps)
                .All(pair => pair.First == Anything || pair.First == NameOf(pair.Second));
    }

    private static string NameOf(InputStep step) =>
        step switch
        {
            InputStep.Member member => member.Name,
            InputStep.Key key => key.Name,
            InputStep.Index index => index.Position.ToString(CultureInfo.InvariantCulture),
            _ => "",
        };

    private static void AppendName(StringBuilder text, string name)
    {
        if (IsPlain(name))
        {
            if (text.Length > 0)
            {
                text.Append('.');
            }

            text.Append(name);
            return;
        }

        text.Append("[\"")
            .Append(name.Replace("\"", "\\\"", StringComparison.Ordinal))
            .Append("\"]");
    }

    private static bool IsPlain(string name) =>
        name.Length > 0
        && !char.IsAsciiDigit(name[0])
        && name.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '$');

    private static List<string> Parse(string pattern)
    {
        var steps = new List<string>();
        var at = 0;
        while (at < pattern.Length)
        {
            if (pattern[at] == '.')
            {
                at++;
            }
            else if (pattern.AsSpan(at).StartsWith("[\"", StringComparison.Ordinal))
            {
                at = ParseQuoted(pattern, at + 2, steps);
            }
            else
            {
                var open = pattern[at] == '[';
                var end = pattern.AsSpan(at + 1).IndexOfAny(open ? "]" : ".[");
                end = end < 0 ? pattern.Length : at + 1 + end;
                steps.Add(pattern[(open ? at + 1 : at)..end]);
                at = open ? end + 1 : end;
            }
        }

        return steps;
    }

    private static int ParseQuoted(string pattern, int at, List<string> steps)
    {
        var name = new StringBuilder();
        while (at < pattern.Length && pattern[at] != '"')
        {
            if (pattern[at] == '\\' && at + 1 < pattern.Length)
            {
                at++;
            }

            name.Append(pattern[at++]);
        }

        steps.Add(name.ToString());
        // Behind the quotation mark and the bracket.
        return at + 2;
    }
}
