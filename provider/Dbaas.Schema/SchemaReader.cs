using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbaas.Schema;

/// <summary>Turns the JSON document into the model. Property names that start with <c>x-</c> are hints of ours.</summary>
internal sealed class SchemaReader(JsonElement root)
{
    private const string TypeReference = "#/types/";

    public PackageSchema Read() =>
        new()
        {
            Name = Text(root, "name") ?? throw Missing("name", "the package"),
            Version = Text(root, "version") ?? "0.0.0",
            Description = Text(root, "description") ?? "",
            Metadata = Metadata(),
            Configuration = root.TryGetProperty("config", out var config)
                ? Properties(config, "variables", "defaults")
                : [],
            Settings = Properties(
                root.GetProperty("provider"),
                "inputProperties",
                "requiredInputs"
            ),
            Resources = [.. Members(root, "resources").Select(Resource)],
            Functions = [.. Members(root, "functions").Select(Function)],
        };

    private PackageMetadata Metadata() =>
        new()
        {
            DisplayName = Text(root, "displayName") ?? "",
            Keywords = Strings(root, "keywords"),
            Homepage = Text(root, "homepage"),
            Repository = Text(root, "repository"),
            License = Text(root, "license"),
            Publisher = Text(root, "publisher"),
            PluginDownloadUrl = Text(root, "pluginDownloadURL"),
        };

    private ResourceSchema Resource(JsonProperty member)
    {
        var spec = member.Value;
        var inputs = Properties(spec, "inputProperties", "requiredInputs");
        var declared = inputs.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        var properties = Properties(spec, "properties", "required");
        return new ResourceSchema
        {
            Name = ShortName(member.Name),
            Description = Text(spec, "description") ?? "",
            Collection = Text(spec, "x-collection") ?? throw Missing("x-collection", member.Name),
            IdPrefix = Text(spec, "x-id-prefix") ?? throw Missing("x-id-prefix", member.Name),
            NotFound = Text(spec, "x-not-found") ?? throw Missing("x-not-found", member.Name),
            DataBearing = Flag(spec, "x-data-bearing"),
            Example = Example(spec),
            Inputs = inputs,
            Outputs = [.. properties.Where(property => !declared.Contains(property.Name))],
            Properties = properties,
        };
    }

    private FunctionSchema Function(JsonProperty member)
    {
        var spec = member.Value;
        return new FunctionSchema
        {
            Name = ShortName(member.Name),
            Description = Text(spec, "description") ?? "",
            Get = Text(spec, "x-get") ?? throw Missing("x-get", member.Name),
            Ephemeral = Flag(spec, "x-ephemeral"),
            Example = Example(spec),
            Inputs = spec.TryGetProperty("inputs", out var inputs)
                ? Properties(inputs, "properties", "required")
                : [],
            Outputs = spec.TryGetProperty("outputs", out var outputs)
                ? Properties(outputs, "properties", "required")
                : [],
        };
    }

    private List<SchemaProperty> Properties(JsonElement owner, string key, string requiredKey)
    {
        var required = Strings(owner, requiredKey).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Members(owner, key)
                .Select(member =>
                    Property(member.Name, member.Value, required.Contains(member.Name))
                ),
        ];
    }

    private SchemaProperty Property(string name, JsonElement spec, bool required) =>
        new()
        {
            Name = name,
            Type = Type(name, spec),
            Description = Text(spec, "description") ?? "",
            Required = required,
            Secret = Flag(spec, "secret"),
            Default = Node(spec, "default") ?? Node(spec, "x-default"),
            SdkDefault = Node(spec, "default"),
            SdkEnvironment = SdkEnvironment(spec),
            Environment = [.. SdkEnvironment(spec), .. Strings(spec, "x-environment")],
            Pattern = Text(spec, "x-pattern"),
            Minimum = Number(spec, "x-minimum"),
            Maximum = Number(spec, "x-maximum"),
            RangeNote = Text(spec, "x-range-note"),
            MaximumItems = (int?)Number(spec, "x-max-items"),
            Unit = Text(spec, "x-unit"),
            Floor = Text(spec, "x-floor"),
            Immutable = Text(spec, "x-immutable"),
            Computed = Flag(spec, "x-computed"),
            IsSet = Flag(spec, "x-set"),
            Volatile = Flag(spec, "x-volatile"),
            Query = Flag(spec, "x-query"),
            IsName = Flag(spec, "x-name"),
            ProviderDefault = Text(spec, "x-provider-default"),
        };

    private PropertyType Type(string owner, JsonElement spec)
    {
        if (Text(spec, "$ref") is { } reference)
        {
            return Referenced(owner, reference);
        }

        return Text(spec, "type") switch
        {
            "string" => new PropertyType { Kind = PropertyKind.String, Enum = Enum(spec) },
            "integer" => new PropertyType { Kind = PropertyKind.Integer },
            "number" => new PropertyType { Kind = PropertyKind.Number },
            "boolean" => new PropertyType { Kind = PropertyKind.Boolean },
            "array" => new PropertyType
            {
                Kind = PropertyKind.Array,
                Element = Property("item", spec.GetProperty("items"), required: true),
            },
            "object" when spec.TryGetProperty("additionalProperties", out var values) =>
                new PropertyType
                {
                    Kind = PropertyKind.Map,
                    Element = Property("value", values, required: true),
                },
            "object" => new PropertyType
            {
                Kind = PropertyKind.Object,
                Properties = Properties(spec, "properties", "required"),
            },
            var other => throw new InvalidDataException(
                $"schema.json: '{owner}' has type '{other}', which has no meaning here."
            ),
        };
    }

    private PropertyType Referenced(string owner, string reference)
    {
        if (
            !reference.StartsWith(TypeReference, StringComparison.Ordinal)
            || !root.GetProperty("types")
                .TryGetProperty(reference[TypeReference.Length..], out var spec)
        )
        {
            throw new InvalidDataException(
                $"schema.json: '{owner}' refers to '{reference}', which is not there."
            );
        }

        return Type(owner, spec) with
        {
            Name = ShortName(reference),
            Description = Text(spec, "description") ?? "",
        };
    }

    private static List<string> SdkEnvironment(JsonElement spec) =>
        spec.TryGetProperty("defaultInfo", out var info) ? Strings(info, "environment") : [];

    private static List<EnumValue> Enum(JsonElement spec) =>
        spec.TryGetProperty("enum", out var values)
            ?
            [
                .. values
                    .EnumerateArray()
                    .Select(value => new EnumValue(
                        Text(value, "name") ?? Text(value, "value")!,
                        Text(value, "value")!,
                        Text(value, "description") ?? ""
                    )),
            ]
            : [];

    private static JsonObject Example(JsonElement spec) =>
        Node(spec, "x-example") as JsonObject ?? [];

    private static JsonElement.ObjectEnumerator Members(JsonElement owner, string key) =>
        owner.TryGetProperty(key, out var members) ? members.EnumerateObject() : default;

    private static string? Text(JsonElement owner, string key) =>
        owner.TryGetProperty(key, out var value) ? value.GetString() : null;

    private static List<string> Strings(JsonElement owner, string key) =>
        owner.TryGetProperty(key, out var values)
            ? [.. values.EnumerateArray().Select(value => value.GetString()!)]
            : [];

    private static bool Flag(JsonElement owner, string key) =>
        owner.TryGetProperty(key, out var value) && value.GetBoolean();

    private static decimal? Number(JsonElement owner, string key) =>
        owner.TryGetProperty(key, out var value) ? value.GetDecimal() : null;

    private static JsonNode? Node(JsonElement owner, string key) =>
        owner.TryGetProperty(key, out var value) ? JsonNode.Parse(value.GetRawText()) : null;

    private static string ShortName(string token) => token[(token.LastIndexOf(':') + 1)..];

    private static InvalidDataException Missing(string key, string owner) =>
        new($"schema.json: {owner} lacks '{key}'.");
}
