using System.Text.Json;
using System.Text.RegularExpressions;
using Dbaas.Schema;

namespace Dbaas.Provider.Tests.Schema;

/// <summary>
/// schema.json keeps to the rules of Pulumi's metaschema and of the binder behind it, as far as it uses them: what breaks one of these
/// breaks every SDK.
/// </summary>
public sealed partial class MetaschemaTests
{
    private static readonly HashSet<string> TopLevel =
    [
        "name",
        "displayName",
        "description",
        "keywords",
        "homepage",
        "license",
        "attribution",
        "repository",
        "logoUrl",
        "publisher",
        "namespace",
        "version",
        "pluginDownloadURL",
        "meta",
        "config",
        "provider",
        "types",
        "resources",
        "functions",
        "language",
        "dependencies",
        "parameterization",
        "allowedPackageNames",
    ];

    private static readonly HashSet<string> PropertyKeys =
    [
        "type",
        "items",
        "additionalProperties",
        "$ref",
        "oneOf",
        "discriminator",
        "plain",
        "description",
        "const",
        "default",
        "defaultInfo",
        "deprecationMessage",
        "secret",
        "replaceOnChanges",
        "willReplaceOnChanges",
        "language",
    ];

    private static readonly string[] ReservedOutputs = ["urn", "id", "pulumi"];
    private static readonly string[] ReservedSettings = ["version", "pulumi"];
    private readonly JsonElement root = JsonDocument
        .Parse(PackageSchema.EmbeddedText())
        .RootElement;

    [Fact]
    public void Given_the_top_level_when_read_then_it_holds_known_keys_and_a_usable_head()
    {
        Assert.All(root.EnumerateObject(), member => Assert.Contains(member.Name, TopLevel));
        Assert.Matches("^[a-zA-Z][-a-zA-Z0-9_]*$", root.GetProperty("name").GetString());
        Assert.Matches(@"^\d+\.\d+\.\d+", root.GetProperty("version").GetString());
        if (root.TryGetProperty("meta", out var meta))
        {
            Assert.All(
                meta.EnumerateObject(),
                member => Assert.True(member.Name is "moduleFormat" or "supportPack")
            );
            var format = meta.GetProperty("moduleFormat").GetString()!;
            Assert.Equal("index", Regex.Match("index", format).Groups[1].Value);
        }
    }

    [Fact]
    public void Given_every_token_when_read_then_it_has_three_parts_and_is_not_reserved()
    {
        foreach (var kind in new[] { "types", "resources", "functions" })
        {
            foreach (var member in root.GetProperty(kind).EnumerateObject())
            {
                Assert.Matches(Token(), member.Name);
                Assert.StartsWith(
                    root.GetProperty("name").GetString() + ":",
                    member.Name,
                    StringComparison.Ordinal
                );
                Assert.NotEqual("dbaas:index:Provider", member.Name);
                Assert.DoesNotContain(":index/", member.Name, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Given_every_object_when_read_then_what_it_requires_is_there_and_no_name_is_reserved()
    {
        foreach (var resource in root.GetProperty("resources").EnumerateObject())
        {
            CheckObject(resource.Value, "properties", "required", ReservedOutputs);
            CheckObject(resource.Value, "inputProperties", "requiredInputs", ReservedOutputs);
            // Whatever is declared is shown, or an import could not write a program.
            Assert.All(
                resource.Value.GetProperty("inputProperties").EnumerateObject(),
                input =>
                    Assert.True(
                        resource.Value.GetProperty("properties").TryGetProperty(input.Name, out _)
                    )
            );
        }

        foreach (var function in root.GetProperty("functions").EnumerateObject())
        {
            CheckObject(function.Value.GetProperty("inputs"), "properties", "required", []);
            CheckObject(function.Value.GetProperty("outputs"), "properties", "required", []);
        }

        CheckObject(
            root.GetProperty("provider"),
            "inputProperties",
            "requiredInputs",
            ReservedSettings
        );
        CheckObject(root.GetProperty("config"), "variables", "defaults", ReservedSettings);
        foreach (var type in root.GetProperty("types").EnumerateObject())
        {
            if (type.Value.TryGetProperty("enum", out var values))
            {
                Assert.NotEqual("object", type.Value.GetProperty("type").GetString());
                var names = values
                    .EnumerateArray()
                    .Select(value =>
                        value.TryGetProperty("name", out var name)
                            ? name.GetString()!
                            : value.GetProperty("value").ToString()
                    )
                    .ToList();
                Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
            }
            else
            {
                Assert.Equal("object", type.Value.GetProperty("type").GetString());
                CheckObject(type.Value, "properties", "required", []);
            }
        }
    }

    private void CheckObject(
        JsonElement owner,
        string properties,
        string required,
        string[] reserved
    )
    {
        if (owner.TryGetProperty(required, out var names))
        {
            Assert.All(
                names.EnumerateArray(),
                name =>
                    Assert.True(
                        owner.GetProperty(properties).TryGetProperty(name.GetString()!, out _),
                        name.GetString()
                    )
            );
        }

        foreach (var property in owner.GetProperty(properties).EnumerateObject())
        {
            Assert.DoesNotContain(property.Name, reserved);
            CheckProperty(property.Name, property.Value);
        }
    }

    private void CheckProperty(string name, JsonElement spec)
    {
        Assert.All(
            spec.EnumerateObject(),
            member =>
                Assert.True(
                    PropertyKeys.Contains(member.Name)
                        || member.Name.StartsWith("x-", StringComparison.Ordinal),
                    $"{name}: {member.Name}"
                )
        );
        // A reference to nothing, or a type nobody knows, fails every generator.
        if (spec.TryGetProperty("$ref", out var reference))
        {
            Assert.StartsWith("#/types/", reference.GetString(), StringComparison.Ordinal);
            Assert.True(
                root.GetProperty("types")
                    .TryGetProperty(reference.GetString()!["#/types/".Length..], out _),
                $"{name}: {reference}"
            );
        }
        else
        {
            var type = spec.GetProperty("type").GetString();
            Assert.True(
                type is "boolean" or "integer" or "number" or "string" or "array" or "object",
                name
            );
            if (type == "array")
            {
                CheckProperty(name, spec.GetProperty("items"));
            }
            else if (type == "object")
            {
                CheckProperty(name, spec.GetProperty("additionalProperties"));
            }
        }

        if (spec.TryGetProperty("default", out var standard))
        {
            Assert.True(
                standard.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object),
                name
            );
            Assert.Equal(
                standard.ValueKind switch
                {
                    JsonValueKind.Number => "number",
                    JsonValueKind.String => "string",
                    _ => "boolean",
                },
                TypeOf(spec) is "integer" ? "number" : TypeOf(spec)
            );
        }

        if (spec.TryGetProperty("defaultInfo", out var info))
        {
            Assert.NotEmpty(info.GetProperty("environment").EnumerateArray());
        }
    }

    private string? TypeOf(JsonElement spec) =>
        spec.TryGetProperty("$ref", out var reference)
            ? root.GetProperty("types")
                .GetProperty(reference.GetString()!["#/types/".Length..])
                .GetProperty("type")
                .GetString()
            : spec.GetProperty("type").GetString();

    [GeneratedRegex("^[a-zA-Z][-a-zA-Z0-9_]*:([^0-9][a-zA-Z0-9._/-]*)?:[^0-9][a-zA-Z0-9._/]*$")]
    private static partial Regex Token();
}
