using System.Text.Json.Nodes;

namespace Dbaas.Provider.Translation;

/// <summary>
/// The type of a value as both plugin protocols see it. It steers reading and writing, so that null, unknown and absent are never
/// mixed up as they would be with a serializer that fills objects.
/// </summary>
internal abstract record ValueType
{
    public static readonly ValueType Text = new Primitive("string");
    public static readonly ValueType Number = new Primitive("number");
    public static readonly ValueType Bool = new Primitive("bool");

    private ValueType() { }

    /// <summary>The type as Terraform writes it in JSON, e.g. ["list","string"].</summary>
    public abstract JsonNode ToJson();

    internal sealed record Primitive(string Name) : ValueType
    {
        public override JsonNode ToJson() => JsonValue.Create(Name);
    }

    /// <param name="IsSet">No order, no duplicates.</param>
    internal sealed record List(ValueType Element, bool IsSet) : ValueType
    {
        public override JsonNode ToJson() =>
            new JsonArray(JsonValue.Create(IsSet ? "set" : "list"), Element.ToJson());
    }

    internal sealed record Map(ValueType Element) : ValueType
    {
        public override JsonNode ToJson() =>
            new JsonArray(JsonValue.Create("map"), Element.ToJson());
    }

    /// <param name="Attributes">By attribute name, sorted: the host writes and wants every one of them.</param>
    internal sealed record Object(SortedDictionary<string, ValueType> Attributes) : ValueType
    {
        public override JsonNode ToJson()
        {
            var members = new JsonObject();
            foreach (var (name, type) in Attributes)
            {
                members[name] = type.ToJson();
            }

            return new JsonArray(JsonValue.Create("object"), members);
        }
    }
}
