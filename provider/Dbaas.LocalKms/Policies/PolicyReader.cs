using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dbaas.LocalKms.Policies;

/// <summary>
/// Reads the JSON of a key policy (AWS IAM, "JSON policy elements"). What this service cannot enforce is refused by name: a policy
/// that was taken and ignored would look like protection.
/// </summary>
internal static partial class PolicyReader
{
    public static IReadOnlyList<PolicyStatement> Statements(JsonElement policy)
    {
        Only(policy, "the policy", "Version", "Id", "Statement");
        if (!policy.TryGetProperty("Statement", out var statements))
        {
            throw new JsonException("The policy has no Statement.");
        }

        return statements.ValueKind == JsonValueKind.Array
            ? [.. statements.EnumerateArray().Select(Statement)]
            : [Statement(statements)];
    }

    private static PolicyStatement Statement(JsonElement statement)
    {
        Only(
            statement,
            "a statement",
            "Sid",
            "Effect",
            "Principal",
            "Action",
            "Resource",
            "Condition"
        );
        var effect = Required(statement, "Effect");
        var denies = effect.ValueKind == JsonValueKind.String ? effect.GetString() : null;
        if (Words(Required(statement, "Resource"), "Resource") is not ["*"])
        {
            throw new JsonException(
                "The Resource of a key policy is \"*\": the key it belongs to."
            );
        }

        return new(
            denies switch
            {
                "Allow" => false,
                "Deny" => true,
                _ => throw new JsonException("Effect is Allow or Deny."),
            },
            Principals(Required(statement, "Principal")),
            Actions(Required(statement, "Action")),
            statement.TryGetProperty("Condition", out var conditions) ? Conditions(conditions) : []
        );
    }

    private static IReadOnlyList<string> Principals(JsonElement principal)
    {
        if (principal.ValueKind == JsonValueKind.Object)
        {
            Only(principal, "Principal", "AWS");
            principal = Required(principal, "AWS");
        }

        var principals = Words(principal, "Principal");
        return principals.FirstOrDefault(word => !PrincipalWord().IsMatch(word)) is { } invalid
            ? throw new JsonException($"'{invalid}' is no principal.")
            : principals;
    }

    private static IReadOnlyList<string> Actions(JsonElement action)
    {
        var actions = Words(action, "Action");
        return actions.FirstOrDefault(word => !ActionWord().IsMatch(word)) is { } invalid
            ? throw new JsonException($"'{invalid}' is no action of kms.")
            : actions;
    }

    private static IReadOnlyList<PolicyCondition> Conditions(JsonElement block)
    {
        Only(block, "Condition", [.. PolicyCondition.Operators]);
        return
        [
            .. block
                .EnumerateObject()
                .SelectMany(test =>
                    Members(test.Value, test.Name).Select(entry => Condition(test.Name, entry))
                ),
        ];
    }

    private static PolicyCondition Condition(string test, JsonProperty entry) =>
        PolicySubject.Knows(entry.Name)
            ? new(test, entry.Name, Words(entry.Value, entry.Name))
            : throw new JsonException($"The condition key '{entry.Name}' is not known here.");

    private static JsonElement Required(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value)
            ? value
            : throw new JsonException($"{name} is missing.");

    private static IReadOnlyList<string> Words(JsonElement element, string name)
    {
        List<JsonElement> items =
            element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : [element];
        return items.Count > 0 && items.All(item => item.ValueKind == JsonValueKind.String)
            ? [.. items.Select(item => item.GetString()!)]
            : throw new JsonException($"{name} is a string or a list of strings.");
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject()
            : throw new JsonException($"{name} is an object.");

    private static void Only(JsonElement element, string where, params string[] known)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in Members(element, where))
        {
            if (!known.Contains(member.Name) || !seen.Add(member.Name))
            {
                throw new JsonException(
                    $"'{member.Name}' in {where} is doubled or not served here; served are {string.Join(", ", known)}."
                );
            }
        }
    }

    [GeneratedRegex(@"^(\*|[0-9]{12}|arn:aws:(iam|sts)::[0-9]{12}:[^*?]+)\z")]
    private static partial Regex PrincipalWord();

    [GeneratedRegex(@"^(\*|kms:[a-zA-Z*?]+)\z", RegexOptions.IgnoreCase)]
    private static partial Regex ActionWord();
}
