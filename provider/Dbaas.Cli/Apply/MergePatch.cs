using System.Text.Json.Nodes;
using Dbaas.Client.Planning;

namespace Dbaas.Cli.Apply;

/// <summary>The merge patch (RFC 7396) that leads from an instance to what was declared, limited to what the plan says changes.</summary>
internal static class MergePatch
{
    public static JsonObject Of(
        JsonObject declared,
        JsonObject current,
        IReadOnlyList<PlannedChange> changes
    )
    {
        var patch = new JsonObject();
        foreach (var property in changes.Select(change => TopLevel(change.Pointer)).Distinct())
        {
            patch[property] = Value(declared[property], current[property]);
        }

        return patch;
    }

    // A merge leaves alone what it does not name, so entries that are no longer declared are named with null.
    private static JsonNode? Value(JsonNode? declared, JsonNode? current)
    {
        if (declared is not JsonObject wanted || current is not JsonObject existing)
        {
            return declared?.DeepClone(); // null when it is not declared any more: back to the default
        }

        var merged = (JsonObject)wanted.DeepClone();
        foreach (var (name, _) in existing)
        {
            if (!merged.ContainsKey(name))
            {
                merged[name] = null;
            }
        }

        return merged;
    }

    private static string TopLevel(string pointer) =>
        pointer
            .TrimStart('/')
            .Split('/')[0]
            .Replace("~1", "/", StringComparison.Ordinal)
            .Replace("~0", "~", StringComparison.Ordinal);
}
