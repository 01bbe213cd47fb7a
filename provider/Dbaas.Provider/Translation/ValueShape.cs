using System.Text.Json.Nodes;

namespace Dbaas.Provider.Translation;

/// <summary>
/// The type of a value as both plugin protocols see it. It steers reading and writing, so that null, unknown and absent are never
/// mixed up as they would be with a serializer that fills objects.
/// </summary>
internal abstract record ValueShape
{
    public static readonly ValueShape Text = new Primitive("string");
    public static readonly ValueShape Number = new Primitive("number");
    public static readonly ValueShape Bool = new Primitive("bool");

    private ValueShape() { }

    /// <summary>The type as Terraform writes it in JSON, e.g. ["list","string"].</summary>
    public abstract JsonNode ToJson();

    internal sealed record Primitive(string Name) : ValueShape
    {
        public override JsonNode ToJson() => JsonValue.Create(Name);
    }

    /// <param name="IsSet">No order, no duplicates.</param>
    internal sealed record List(ValueShape Element, bool IsSet) : ValueShape
    {
        public override JsonNode ToJson() =>
            new JsonArray(JsonValue.Create(IsSet ? "set" : "list"), Element.ToJson());
    }

    internal sealed record Map(ValueShape Element) : ValueShape
    {
        public override JsonNode ToJson() =>
            new JsonArray(JsonValue.Create("map"), Element.ToJson());
    }

    /// <param name="Attributes">By attribute name, sorted: the host writes and wants every one of them.</param>
    internal sealed record Object(SortedDictionary<string, ValueShape> Attributes) : ValueShape
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
