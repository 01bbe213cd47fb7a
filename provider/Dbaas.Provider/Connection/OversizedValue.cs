using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Client.Operations;
using Dbaas.Client.Planning;

namespace Dbaas.Provider.Connection;

/// <summary>
/// The service reads no more than 1 MiB and answers a longer request without looking into it. Which value was too long is known here
/// only, so it is said here, where it costs no request either.
/// </summary>
internal static class OversizedValue
{
    /// <summary>Half of what a request may hold: no property takes a text that long, and escapes may double it.</summary>
    private const int Limit = 512 * 1024;

    /// <summary>The plan that says so, or null when no text is that long.</summary>
    public static PlanResult? Judge(JsonObject? inputs)
    {
        List<FieldProblem> problems = [];
        Look(inputs, "", problems);
        return problems.Count == 0
            ? null
            : new()
            {
                Valid = false,
                Errors = problems,
                ExpectedWriteOutage = new(0, "none"),
                MonthlyCost = new(0, 0, 0, "EUR"),
            };
    }

    private static void Look(JsonNode? node, string pointer, List<FieldProblem> problems)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    Look(value, $"{pointer}/{Escaped(name)}", problems);
                }

                break;
            case JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    Look(items[index], $"{pointer}/{index}", problems);
                }

                break;
            case JsonValue value
                when value.GetValueKind() == JsonValueKind.String
                    && value.GetValue<string>().Length is > Limit and var length:
                problems.Add(
                    new(
                        pointer,
                        "request.too_large",
                        $"This text has {length} characters.",
                        "A whole request holds at most 1 MiB."
                    )
                );
                break;
            default:
                break;
        }
    }

    /// <summary>RFC 6901.</summary>
    private static string Escaped(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal)
            .Replace("/", "~1", StringComparison.Ordinal);
}
