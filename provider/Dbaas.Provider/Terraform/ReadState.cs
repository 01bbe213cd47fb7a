using System.Text.Json.Nodes;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>Turns what the control service shows into state, so that only real differences show up as changes.</summary>
internal static class ReadState
{
    /// <summary>State after a read, an import or an update.</summary>
    public static Value.Map Of(ResourceType type, JsonObject view, Value.Map? prior)
    {
        var actual = RestJson.Terraform.ReadAll(type.Properties, view);
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
            KeyValuePair.Create(ResourceType.Id, (Value)new Value.Text(Views.IdOf(view))),
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
            && Floors.IsMet(actual[TerraformNames.Attribute(floor)], prior);
        return floorHolds || ValueEquality.Same(SchemaTypes.Of(property), prior, now) ? prior : now;
    }
}
