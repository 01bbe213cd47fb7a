using System.Globalization;
using System.Text;
using Dbaas.Schema;

namespace Dbaas.Provider.Translation;

/// <summary>Where a function is read: its inputs fill the path's braces or the query.</summary>
internal static class FunctionPath
{
    /// <summary>The path with everything filled in and escaped.</summary>
    public static string Of(FunctionSchema function, Func<SchemaProperty, Value> argument)
    {
        var path = function.Get;
        var query = new StringBuilder();
        foreach (var input in function.Inputs)
        {
            var text = TextOf(argument(input));
            if (!input.Query)
            {
                path = path.Replace(
                    $"{{{input.Name}}}",
                    Uri.EscapeDataString(text ?? ""),
                    StringComparison.Ordinal
                );
            }
            else if (text is not null)
            {
                query.Append(query.Length == 0 ? '?' : '&');
                query.Append(
                    CultureInfo.InvariantCulture,
                    $"{input.Name}={Uri.EscapeDataString(text)}"
                );
            }
        }

        return path + query;
    }

    private static string? TextOf(Value value) =>
        value switch
        {
            Value.Text text => text.Content,
            Value.Number number => number.Digits,
            Value.Bool flag => flag.Content ? "true" : "false",
            _ => null,
        };
}
