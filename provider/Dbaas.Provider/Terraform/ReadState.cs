using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>Turns what the control service shows into state, so that only real differences show up as changes.</summary>
internal static class ReadState
{
    /// <summary>State after a read, an import or an update.</summary>
    public static Value.Map Of(ResourceType type, JsonObject view, Value.Map? prior)
    {
        var actual = RestJson.ReadAll(type.Properties, view);
        var state = type.Properties.Select(property =>
        {
            var name = TerraformNames.Attribute(property.Name);
            return KeyValuePair.Create(
                name,
                Reconcile(property, prior?[name] ?? Value.Null, actual)
            );
        });
        return Value.Object([
            .. state,
            KeyValuePair.Create(ResourceType.Id, (Value)new Value.Text(IdOf(view))),
            KeyValuePair.Create(Timeouts.Attribute, prior?[Timeouts.Attribute] ?? Value.Null),
        ]);
    }

    /// <summary>The planned state with its unknowns filled. Whatever was planned stays as planned, to the letter: the host insists.</summary>
    public static Value.Map Fill(ResourceType type, Value.Map planned, JsonObject view)
    {
        var actual = Of(type, view, planned);
        return Value.Object(
            type.Type.Attributes.Keys.Select(name =>
                KeyValuePair.Create(name, Fill(planned[name], actual[name]))
            )
        );
    }

    /// <exception cref="InvalidDataException">The answer has no id.</exception>
    public static string IdOf(JsonObject view) =>
        view[ResourceType.Id]?.GetValue<string>()
        ?? throw new InvalidDataException("The control service answered a resource without an id.");

    private static Value Fill(Value planned, Value actual) =>
        (planned, actual) switch
        {
            (Value.Unknown, Value.Unknown) => Value.Null,
            (Value.Unknown, _) => actual,
            (Value.Map members, Value.Map theirs) => Value.Object(
                members.Members.Select(member =>
                    KeyValuePair.Create(member.Key, Fill(member.Value, theirs[member.Key]))
                )
            ),
            (Value.Map members, _) => Value.Object(
                members.Members.Select(member =>
                    KeyValuePair.Create(member.Key, Fill(member.Value, Value.Null))
                )
            ),
            _ => planned,
        };

    private static Value Reconcile(SchemaProperty property, Value prior, Value.Map actual)
    {
        var now = actual[TerraformNames.Attribute(property.Name)];
        if (prior.IsNull || prior.IsUnknown)
        {
            return now;
        }

        var floorHolds =
            property.Floor is { } floor
            && IsAtLeast(actual[TerraformNames.Attribute(floor)], prior);
        return floorHolds || ValueEquality.Same(SchemaTypes.Of(property), prior, now) ? prior : now;
    }

    private static bool IsAtLeast(Value actual, Value floor) =>
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
