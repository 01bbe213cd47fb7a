using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Tests.Fuzz;

/// <summary>Holds an answer against the OpenAPI document and against what no answer may hold.</summary>
internal sealed class AnswerJudge(ApiContract contract, FuzzWorld world)
{
    private static readonly HashSet<string> s_codes =
    [
        .. ProblemCatalogue.All.Select(kind => kind.Code),
    ];

    /// <summary>What is wrong with it; empty when nothing.</summary>
    /// <param name="operation">What was asked.</param>
    /// <param name="status">Of the answer.</param>
    /// <param name="mediaType">Of the answer; empty without a body.</param>
    /// <param name="requestId">From its header.</param>
    /// <param name="replayed">Whether it repeats an earlier request's answer, whose body is as it was, with that request's id.</param>
    /// <param name="body">Its text.</param>
    public IReadOnlyList<string> Judge(
        ApiOperation operation,
        int status,
        string mediaType,
        string? requestId,
        bool replayed,
        string body
    )
    {
        var faults = new List<string>();
        if (status >= 500)
        {
            faults.Add($"status {status}");
        }

        if (requestId is null)
        {
            // The server itself refuses what is no HTTP, before the service sees it.
            if (status != 400 || body.Length > 0)
            {
                faults.Add("no request id");
            }

            return faults;
        }

        var response =
            operation.Responses[status.ToString(CultureInfo.InvariantCulture)]
            ?? operation.Responses["default"];
        if (response is null)
        {
            faults.Add($"status {status} is not in the document");
            return faults;
        }

        response = contract.Resolve(response);
        if (mediaType != "text/event-stream")
        {
            Body(response, status, mediaType, body, faults);
        }

        if (status >= 400)
        {
            Problem(body, replayed ? null : requestId, faults);
        }
        else if (operation.Path.EndsWith("/plan", StringComparison.Ordinal))
        {
            if (RepeatsWhatWasSent(JsonNode.Parse(body)!["errors"]!))
            {
                faults.Add("a planted secret in a plan's errors");
            }
        }

        foreach (var key in (string[])[world.OwnerKey, world.AdminKey, world.ViewerKey])
        {
            if (body.Contains(key, StringComparison.Ordinal))
            {
                faults.Add("an API key");
            }
        }

        return faults;
    }

    private void Body(
        JsonNode response,
        int status,
        string mediaType,
        string body,
        List<string> faults
    )
    {
        if (response["content"] is not JsonObject content)
        {
            if (body.Length > 0)
            {
                faults.Add($"a body for {status}, where the document has none");
            }

            return;
        }

        if (content[mediaType] is not { } media)
        {
            faults.Add($"'{mediaType}' is not in the document for {status}");
            return;
        }

        if (media["schema"] is { } schema)
        {
            try
            {
                Fits(schema, JsonNode.Parse(body), "", faults);
            }
            catch (JsonException)
            {
                faults.Add("no JSON");
            }
        }
    }

    private static void Problem(string body, string? requestId, List<string> faults)
    {
        var problem = JsonNode.Parse(body)!;
        if (!s_codes.Contains((string?)problem["code"] ?? ""))
        {
            faults.Add($"code {problem["code"]} is not in the catalogue");
        }

        if (requestId is not null && (string?)problem["requestId"] != requestId)
        {
            faults.Add("another request id in the body");
        }

        // The path asked for is repeated as the problem's instance; what was sent in it was no secret.
        problem["instance"] = null;
        if (RepeatsWhatWasSent(problem))
        {
            faults.Add("a planted secret");
        }
    }

    private static bool RepeatsWhatWasSent(JsonNode answer)
    {
        foreach (
            var error in (
                answer as JsonArray ?? answer["errors"]?.AsArray() ?? []
            ).OfType<JsonObject>()
        )
        {
            // Names the tenant's own keys: a planted text may have become the alias of one.
            if ((string?)error["code"] == InstanceProblems.Key)
            {
                error["allowed"] = null;
            }
        }

        return answer.ToJsonString().Contains(FuzzWorld.CanaryPrefix, StringComparison.Ordinal);
    }

    private void Fits(JsonNode schema, JsonNode? value, string at, List<string> faults)
    {
        schema = contract.Resolve(schema);
        if (schema["oneOf"] is JsonArray choices)
        {
            if (!choices.Any(choice => Matches(choice!, value, at)))
            {
                faults.Add($"{at}: fits none of its schemas");
            }

            return;
        }

        var types = schema["type"] switch
        {
            JsonArray several => several.Select(type => (string)type!).ToArray(),
            JsonValue one => [(string)one!],
            _ => [],
        };
        if (
            types.Length > 0
            && !types.Contains(TypeOf(value))
            && !(TypeOf(value) == "integer" && types.Contains("number"))
        )
        {
            faults.Add($"{at}: is {TypeOf(value)} and shall be {string.Join(" or ", types)}");
            return;
        }

        if (
            schema["enum"] is JsonArray allowed
            && !allowed.Any(one => JsonNode.DeepEquals(one, value))
        )
        {
            faults.Add($"{at}: is none of its values");
        }

        if (value is JsonArray items && schema["items"] is { } item)
        {
            for (var i = 0; i < items.Count; i++)
            {
                Fits(item, items[i], $"{at}/{i}", faults);
            }
        }
        else if (value is JsonObject members)
        {
            Members(schema, members, at, faults);
        }
    }

    private void Members(JsonNode schema, JsonObject members, string at, List<string> faults)
    {
        foreach (var required in schema["required"]?.AsArray() ?? [])
        {
            if (!members.ContainsKey((string)required!))
            {
                faults.Add($"{at}: lacks {required}");
            }
        }

        foreach (var (name, member) in members)
        {
            if (schema["properties"]?[name] is { } property)
            {
                Fits(property, member, $"{at}/{name}", faults);
            }
            else if (schema["additionalProperties"] is JsonObject free)
            {
                Fits(free, member, $"{at}/{name}", faults);
            }
            else if (schema["additionalProperties"]?.GetValueKind() == JsonValueKind.False)
            {
                faults.Add($"{at}: {name} is not in the document");
            }
        }
    }

    private bool Matches(JsonNode schema, JsonNode? value, string at)
    {
        var faults = new List<string>();
        Fits(schema, value, at, faults);
        return faults.Count == 0;
    }

    private static string TypeOf(JsonNode? value) =>
        value?.GetValueKind() switch
        {
            null or JsonValueKind.Null => "null",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.String => "string",
            JsonValueKind.Array => "array",
            JsonValueKind.Object => "object",
            _ => value.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E') ? "number" : "integer",
        };
}
