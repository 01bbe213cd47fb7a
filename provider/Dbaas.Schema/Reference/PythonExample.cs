using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbaas.Schema.Reference;

/// <summary>Examples as Pulumi programs in Python, against the SDK that `pulumi package add` generates.</summary>
internal sealed class PythonExample : ProgramExample
{
    private readonly string _package;

    private PythonExample(PackageSchema package) => _package = package.Name;

    protected override string Assign => "=";
    protected override (string Open, string Close) List => ("[", "]");

    public static string Resource(PackageSchema package, ResourceSchema resource) =>
        Program(
            package,
            $"{package.Name}.{resource.Name}(\n    \"example\",\n"
                + new PythonExample(package).Members(resource.Inputs, resource.Example, "    ")
                + ")"
        );

    public static string Function(PackageSchema package, FunctionSchema function)
    {
        var call = $"{package.Name}.{TerraformNames.Attribute(function.Name)}_output(";
        return Program(
            package,
            function.Example.Count == 0
                ? call + ")"
                : $"{call}\n{new PythonExample(package).Members(function.Inputs, function.Example, "    ")})"
        );
    }

    protected override string Member(string property) => TerraformNames.Attribute(property);

    protected override string Key(string key) => $"\"{key}\": ";

    protected override string Enum(PropertyType type, EnumValue value) =>
        $"{_package}.{type.Name}.{TerraformNames.Attribute(value.Name).ToUpperInvariant()}";

    protected override (string Open, string Close) Object(PropertyType type) =>
        ($"{_package}.{type.Name}Args(", ")");

    protected override string Scalar(JsonNode value) =>
        value.GetValueKind() switch
        {
            JsonValueKind.True => "True",
            JsonValueKind.False => "False",
            _ => value.ToJsonString(),
        };

    private static string Program(PackageSchema package, string expression) =>
        $"import pulumi_{package.Name} as {package.Name}\n\nexample = {expression}\n";
}
