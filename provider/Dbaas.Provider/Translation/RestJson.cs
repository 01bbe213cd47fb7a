using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Schema;

namespace Dbaas.Provider.Translation;

/// <summary>Values to and from the JSON of REST, whose members carry schema.json's own names.</summary>
/// <param name="nameOf">What the members of values are called, from the name in schema.json.</param>
internal sealed class RestJson(Func<string, string> nameOf)
{
    /// <summary>For values whose members carry Terraform's names.</summary>
    public static readonly RestJson Terraform = new(TerraformNames.Attribute);

    /// <summary>For values whose members carry schema.json's own names, as Pulumi's do.</summary>
    public static readonly RestJson Plain = new(name => name);

    /// <summary>
    /// Writes what is known. Null and unknown members of objects are left out; the JSON pointers of unknown ones are added to
    /// <paramref name="unknown"/>.
    /// </summary>
    public JsonObject WriteAll(
        IEnumerable<SchemaProperty> properties,
        Value.Map values,
        string pointer,
        ICollection<string> unknown
    )
    {
        var json = new JsonObject();
        foreach (var property in properties)
        {
            var value = values[nameOf(property.Name)];
            if (Write(property, value, $"{pointer}/{property.Name}", unknown) is { } node)
            {
                json[property.Name] = node;
            }
        }

        return json;
    }

    /// <summary>Reads the members the schema names; what else the answer holds is not for users of this version.</summary>
    /// <exception cref="AnswerException">A member has another type than the schema says.</exception>
    public Value.Map ReadAll(IEnumerable<SchemaProperty> properties, JsonObject json) =>
        Value.Object(
            properties.Select(property =>
                KeyValuePair.Create(nameOf(property.Name), Read(property, json[property.Name]))
            )
        );

    public Value Read(SchemaProperty property, JsonNode? node)
    {
        if (node is null)
        {
            return Value.Null;
        }

        return (property.Type.Kind, node) switch
        {
            (PropertyKind.Array, JsonArray items) => new Value.List([
                .. items.Select(item => Read(property.Type.Element!, item)),
            ]),
            (PropertyKind.Map, JsonObject members) => Value.Object(
                members.Select(member =>
                    KeyValuePair.Create(member.Key, Read(property.Type.Element!, member.Value))
                )
            ),
            (PropertyKind.Object, JsonObject members) => ReadAll(property.Type.Properties, members),
            (PropertyKind.String, JsonValue text)
                when text.GetValueKind() == JsonValueKind.String => new Value.Text(
                text.GetValue<string>()
            ),
            (PropertyKind.Boolean, JsonValue flag)
                when flag.GetValueKind() is JsonValueKind.True or JsonValueKind.False =>
                new Value.Bool(flag.GetValue<bool>()),
            (PropertyKind.Integer or PropertyKind.Number, JsonValue number)
                when number.GetValueKind() == JsonValueKind.Number => new Value.Number(
                number.ToJsonString()
            ),
            _ => throw new AnswerException(
                $"The control service answered '{property.Name}' with another type than this provider knows."
            ),
        };
    }

    private JsonNode? Write(
        SchemaProperty property,
        Value value,
        string pointer,
        ICollection<string> unknown
    )
    {
        switch (value)
        {
            case Value.NullValue:
                return null;
            case Value.Unknown:
                unknown.Add(pointer);
                return null;
            case Value.Bool flag:
                return JsonValue.Create(flag.Content);
            case Value.Text text:
                return JsonValue.Create(text.Content);
            case Value.Number number:
                return JsonNode.Parse(number.Digits);
            case Value.List list:
                return WriteList(property, list, pointer, unknown);
            case Value.Map members when property.Type.Kind == PropertyKind.Object:
                return WriteAll(property.Type.Properties, members, pointer, unknown);
            case Value.Map members:
                var map = new JsonObject();
                foreach (var (name, member) in members.Members)
                {
                    if (
                        Write(
                            property.Type.Element!,
                            member,
                            $"{pointer}/{Escape(name)}",
                            unknown
                        ) is
                        { } node
                    )
                    {
                        map[name] = node;
                    }
                }

                return map;
            default:
                throw new InvalidOperationException($"No JSON for {value.GetType().Name}.");
        }
    }

    /// <summary>A list with an unknown item is unknown as a whole: leaving items out would move the others.</summary>
    private JsonArray? WriteList(
        SchemaProperty property,
        Value.List list,
        string pointer,
        ICollection<string> unknown
    )
    {
        if (!list.IsWhollyKnown)
        {
            unknown.Add(pointer);
            return null;
        }

        var array = new JsonArray();
        for (var i = 0; i < list.Items.Count; i++)
        {
            array.Add(Write(property.Type.Element!, list.Items[i], $"{pointer}/{i}", unknown));
        }

        return array;
    }

    private static string Escape(string member) =>
        member
            .Replace("~", "~0", StringComparison.Ordinal)
            .Replace("/", "~1", StringComparison.Ordinal);
}
