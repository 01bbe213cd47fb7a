using System.Text.Json.Nodes;
using Dbaas.Schema.DotNet;

namespace Dbaas.Schema.Reference;

/// <summary>Examples as Pulumi programs in C#.</summary>
internal sealed class CSharpExample : ProgramExample
{
    private static readonly CSharpExample Language = new();

    protected override string Assign => " = ";
    protected override (string Open, string Close) List => ("{ ", " }");

    protected override (string Open, string Close) Map => ("\n{", "}");

    public static string Resource(ResourceSchema resource) =>
        Program(
            HasObjects(resource.Inputs, resource.Example),
            $"    var example = new {resource.Name}(\"example\", new()\n    {{\n"
                + Language.Members(resource.Inputs, resource.Example, "        ")
                + "    });\n"
        );

    public static string Function(FunctionSchema function)
    {
        var name = DotNetNames.Pascal(function.Name);
        return Program(
            HasObjects(function.Inputs, function.Example),
            function.Example.Count == 0
                ? $"    var example = {name}.Invoke();\n"
                : $"    var example = {name}.Invoke(new()\n    {{\n"
                    + Language.Members(function.Inputs, function.Example, "        ")
                    + "    });\n"
        );
    }

    protected override string Member(string property) => DotNetNames.Pascal(property);

    protected override string Key(string key) => $"[\"{key}\"] = ";

    protected override string Enum(PropertyType type, EnumValue value) =>
        $"{type.Name}.{value.Name}";

    protected override (string Open, string Close) Object(PropertyType type) =>
        ($"new {type.Name}Args\n{{", "}");

    private static bool HasObjects(IEnumerable<SchemaProperty> known, JsonObject example) =>
        known.Any(property =>
            property.Type.Kind == PropertyKind.Object && example.ContainsKey(property.Name)
        );

    private static string Program(bool objects, string body) =>
        "using Pulumi;\nusing Pulumi.Dbaas;\n"
        + (objects ? "using Pulumi.Dbaas.Inputs;\n" : "")
        + $"\nreturn await Deployment.RunAsync(() =>\n{{\n{body}}});\n";
}
