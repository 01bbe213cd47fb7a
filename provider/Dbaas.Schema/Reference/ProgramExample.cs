using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbaas.Schema.Reference;

/// <summary>Writes example inputs as a program: what languages have in common. A language says how its members, lists and names look.</summary>
internal abstract class ProgramExample
{
    private const string Step = "    ";

    /// <summary>Between a member's name and its value.</summary>
    protected abstract string Assign { get; }

    /// <summary>storageGib as the language's SDK writes it.</summary>
    protected abstract string Member(string property);

    /// <summary>Key of a map, up to and with what stands before its value.</summary>
    protected abstract string Key(string key);

    /// <summary>A member of an enumeration, e.g. Engine.PostgreSql.</summary>
    protected abstract string Enum(PropertyType type, EnumValue value);

    /// <summary>What opens and closes a map.</summary>
    protected virtual (string Open, string Close) Map => ("{", "}");

    /// <summary>What opens and closes an object of a named type.</summary>
    protected abstract (string Open, string Close) Object(PropertyType type);

    /// <summary>What opens and closes a list.</summary>
    protected abstract (string Open, string Close) List { get; }

    /// <summary>How the language writes a scalar that is no enumeration.</summary>
    protected virtual string Scalar(JsonNode value) => value.ToJsonString();

    /// <summary>One line a member, each ending in a comma.</summary>
    protected string Members(IEnumerable<SchemaProperty> known, JsonObject values, string indent)
    {
        var types = known.ToDictionary(
            property => property.Name,
            property => property.Type,
            StringComparer.Ordinal
        );
        var text = new StringBuilder();
        foreach (var (name, value) in values)
        {
            var written = Value(types[name], value!, indent);
            text.Append(indent)
                .Append(Member(name))
                // A language that opens braces on a line of their own leaves nothing behind the equals sign.
                .Append(written.StartsWith('\n') ? Assign.TrimEnd() : Assign)
                .Append(written)
                .Append(",\n");
        }

        return text.ToString();
    }

    private string Value(PropertyType type, JsonNode value, string indent)
    {
        switch (value)
        {
            case JsonObject members when type.Kind == PropertyKind.Object:
                var (open, close) = Object(type);
                return Opening(open, indent)
                    + Members(type.Properties, members, indent + Step)
                    + indent
                    + close;
            case JsonObject map:
                var items = map.Select(item =>
                    $"{indent}{Step}{Key(item.Key)}{Value(type.Element!.Type, item.Value!, indent + Step)},\n"
                );
                var (start, end) = Map;
                return Opening(start, indent) + string.Concat(items) + indent + end;
            case JsonArray list:
                var (first, last) = List;
                return first
                    + string.Join(
                        ", ",
                        list.Select(item => Value(type.Element!.Type, item!, indent))
                    )
                    + last;
            default:
                var member =
                    value.GetValueKind() == JsonValueKind.String
                        ? type.Enum.FirstOrDefault(known => known.Value == value.GetValue<string>())
                        : null;
                return member is null ? Scalar(value) : Enum(type, member);
        }
    }

    private static string Opening(string text, string indent) =>
        text.Replace("\n", "\n" + indent, StringComparison.Ordinal) + "\n";
}
