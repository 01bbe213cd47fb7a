using System.Text;
using Dbaas.Schema.DotNet;

namespace Dbaas.Schema.Tests.DotNet;

/// <summary>
/// The public surface that Pulumi's own generator gives for the same schema. The expectations were written down from that generator's
/// checked-in results, shape by shape.
/// </summary>
public sealed class DotNetSdkTests
{
    /// <summary>A schema with every shape the real one has or may get: secrets, lists, maps, nested objects, words C# keeps for itself.</summary>
    private const string EveryShape = """
        {
          "name": "zoo",
          "version": "1.2.3",
          "license": "Apache-2.0",
          "pluginDownloadURL": "https://zoo.example/plugins",
          "config": { "variables": {
            "feedTimes": { "type": "integer", "default": 3, "defaultInfo": { "environment": ["ZOO_FEED", "FEED"] } },
            "open": { "type": "boolean" }
          } },
          "types": {
            "zoo:index:Kind": { "type": "string", "description": "A <kind>.", "enum": [
              { "name": "BigCat", "value": "big-cat", "description": "Roars & bites." }, { "name": "Bird", "value": "bird" } ] },
            "zoo:index:Cage": { "type": "object", "description": "Where it lives.", "properties": {
              "metres": { "type": "number", "default": 2.5 }, "lock": { "type": "string", "secret": true }, "kind": { "$ref": "#/types/zoo:index:Kind", "default": "bird" } },
              "required": ["lock"] }
          },
          "provider": { "inputProperties": {
            "retries": { "type": "integer" }, "token": { "type": "string", "secret": true, "x-environment": ["ZOO_TOKEN"] } } },
          "resources": { "zoo:index:Animal": {
            "x-collection": "/v1/animals", "x-id-prefix": "ani", "x-not-found": "animal.not_found", "x-example": { "class": "big" },
            "inputProperties": {
              "class": { "type": "string" }, "cage": { "$ref": "#/types/zoo:index:Cage" },
              "cages": { "type": "array", "items": { "$ref": "#/types/zoo:index:Cage" } },
              "names": { "type": "array", "items": { "type": "string" } },
              "marks": { "type": "object", "additionalProperties": { "type": "string" } },
              "passwords": { "type": "array", "items": { "type": "string" }, "secret": true },
              "keys": { "type": "object", "additionalProperties": { "type": "string" }, "secret": true },
              "weight": { "type": "integer", "x-default": 4 } },
            "requiredInputs": ["class"],
            "properties": { "class": { "type": "string" }, "chip": { "type": "string", "secret": true },
              "marks": { "type": "object", "additionalProperties": { "type": "string" } },
              "names": { "type": "array", "items": { "type": "string" } }, "cage": { "$ref": "#/types/zoo:index:Cage" } },
            "required": ["class"] } },
          "functions": {
            "zoo:index:getAnimals": { "description": "All.", "x-get": "/v1/animals", "x-example": {},
              "inputs": { "properties": { "near": { "$ref": "#/types/zoo:index:Cage" }, "tags": { "type": "array", "items": { "type": "string" } } } },
              "outputs": { "properties": { "animals": { "type": "array", "items": { "type": "string" } }, "event": { "type": "string" } }, "required": ["animals"] } }
          }
        }
        """;

    private static readonly Dictionary<string, string> Files = Generate(EveryShape);

    public static TheoryData<string, string> Surface { get; } =
        new()
        {
            { "Animal.cs", "[ZooResourceType(\"zoo:index:Animal\")]" },
            { "Animal.cs", "public partial class Animal : global::Pulumi.CustomResource" },
            { "Animal.cs", "public Output<string> Class { get; private set; } = null!;" },
            { "Animal.cs", "public Output<string?> Chip { get; private set; } = null!;" },
            { "Animal.cs", "public Output<ImmutableArray<string>> Names {" },
            { "Animal.cs", "public Output<ImmutableDictionary<string, string>?> Marks {" },
            { "Animal.cs", "public Output<Outputs.Cage?> Cage {" },
            {
                "Animal.cs",
                "public Animal(string name, AnimalArgs args, CustomResourceOptions? options = null)"
            },
            {
                "Animal.cs",
                "public static Animal Get(string name, Input<string> id, CustomResourceOptions? options = null)"
            },
            {
                "Animal.cs",
                "AdditionalSecretOutputs =\n            {\n                \"chip\",\n            },"
            },
            { "Animal.cs", "PluginDownloadURL = \"https://zoo.example/plugins\"," },
            {
                "Animal.cs",
                "[Input(\"class\", required: true)]\n    public Input<string> Class { get; set; } = null!;"
            },
            { "Animal.cs", "public InputList<Inputs.CageArgs> Cages" },
            { "Animal.cs", "public InputMap<string> Marks" },
            {
                "Animal.cs",
                "var emptySecret = Output.CreateSecret(ImmutableArray.Create<string>());"
            },
            {
                "Animal.cs",
                "var emptySecret = Output.CreateSecret(ImmutableDictionary.Create<string, string>());"
            },
            { "Animal.cs", "public static new AnimalArgs Empty => new AnimalArgs();" },
            { "Inputs/CageArgs.cs", "public sealed class CageArgs : global::Pulumi.ResourceArgs" },
            {
                "Inputs/CageArgs.cs",
                "_lock = Output.Tuple<Input<string>?, int>(value, emptySecret).Apply(t => t.Item1);"
            },
            { "Inputs/CageArgs.cs", "Metres = 2.5;" },
            { "Inputs/CageArgs.cs", "Kind = global::Pulumi.Zoo.Kind.Bird;" },
            { "Inputs/Cage.cs", "public sealed class Cage : global::Pulumi.InvokeArgs" },
            { "Inputs/Cage.cs", "public double? Metres { get; set; }" },
            { "Outputs/Cage.cs", "public readonly double? Metres;" },
            { "Outputs/Cage.cs", "string @lock" },
            { "Enums.cs", "public readonly struct Kind : IEquatable<Kind>" },
            { "Enums.cs", "/// A &lt;kind&gt;." },
            { "Enums.cs", "public static Kind BigCat { get; } = new Kind(\"big-cat\");" },
            {
                "GetAnimals.cs",
                "public static Task<GetAnimalsResult> InvokeAsync(GetAnimalsArgs? args = null, InvokeOptions? options = null)"
            },
            {
                "GetAnimals.cs",
                "public static Output<GetAnimalsResult> Invoke(GetAnimalsInvokeArgs? args = null, InvokeOptions? options = null)"
            },
            {
                "GetAnimals.cs",
                "public static Output<GetAnimalsResult> Invoke(GetAnimalsInvokeArgs args, InvokeOutputOptions options)"
            },
            { "GetAnimals.cs", "public List<string> Tags" },
            { "GetAnimals.cs", "string? @event" },
            { "Provider.cs", "[Input(\"retries\", json: true)]" },
            {
                "Provider.cs",
                "public Provider(string name, ProviderArgs? args = null, CustomResourceOptions? options = null)"
            },
            {
                "Config/Config.cs",
                "__config.GetInt32(\"feedTimes\") ?? Utilities.GetEnvInt32(\"ZOO_FEED\", \"FEED\") ?? 3"
            },
            { "Config/Config.cs", "public static bool? Open" },
            { "pulumi-plugin.json", "\"server\": \"https://zoo.example/plugins\"" },
            { "version.txt", "1.2.3\n" },
        };

    [Theory]
    [MemberData(nameof(Surface))]
    public void Given_a_schema_of_every_shape_when_generated_then_the_surface_is_pulumis_own(
        string file,
        string expected
    ) => Assert.Contains(expected, Files[file], StringComparison.Ordinal);

    [Fact]
    public void Given_a_secret_setting_that_only_the_plugin_reads_when_generated_then_the_program_never_copies_it_into_the_state() =>
        Assert.DoesNotContain("ZOO_TOKEN", Files["Provider.cs"], StringComparison.Ordinal);

    [Fact]
    public void Given_a_documented_default_when_generated_then_only_schema_defaults_are_filled_in() =>
        Assert.DoesNotContain("Weight =", Files["Animal.cs"], StringComparison.Ordinal);

    [Fact]
    public void Given_any_schema_when_generated_then_every_file_is_valid_csharp_with_line_feeds_and_without_trailing_space()
    {
        foreach (var (path, content) in Files.Concat(Generate(RealSchema())))
        {
            Assert.DoesNotContain('\r', content);
            Assert.EndsWith("\n", content, StringComparison.Ordinal);
            if (path.EndsWith(".cs", StringComparison.Ordinal))
            {
                Assert.DoesNotContain(" \n", content, StringComparison.Ordinal);
                CSharpSyntax.AssertValid(path, content);
            }
        }
    }

    [Fact]
    public void Given_a_type_written_in_place_when_generated_then_the_error_says_what_to_do()
    {
        const string schema = """
            { "name": "zoo", "provider": {}, "resources": { "zoo:index:A": { "x-collection": "/", "x-id-prefix": "a", "x-not-found": "a.not_found",
              "inputProperties": { "b": { "type": "object", "properties": { "c": { "type": "string" } } } } } } }
            """;

        var error = Assert.Throws<InvalidDataException>(() => Generate(schema));

        Assert.Contains("move it to types", error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Generate(string schema)
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(schema));
        return DotNetSdk.Files(PackageSchema.Parse(json)).ToDictionary(f => f.Path, f => f.Content);
    }

    private static string RealSchema() =>
        File.ReadAllText(Path.Combine(Repository.Root, "schema.json"));
}
