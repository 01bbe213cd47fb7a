namespace Dbaas.Schema.Reference;

/// <summary>Examples as Pulumi programs in TypeScript, against the SDK that `pulumi package add` generates.</summary>
internal sealed class TypeScriptExample : ProgramExample
{
    private readonly string _package;

    private TypeScriptExample(PackageSchema package) => _package = package.Name;

    protected override string Assign => ": ";
    protected override (string Open, string Close) List => ("[", "]");

    public static string Resource(PackageSchema package, ResourceSchema resource) =>
        Program(
            package,
            $"new {package.Name}.{resource.Name}(\"example\", {{\n"
                + new TypeScriptExample(package).Members(resource.Inputs, resource.Example, "    ")
                + "})"
        );

    public static string Function(PackageSchema package, FunctionSchema function) =>
        Program(
            package,
            function.Example.Count == 0
                ? $"{package.Name}.{function.Name}Output()"
                : $"{package.Name}.{function.Name}Output({{\n"
                    + new TypeScriptExample(package).Members(
                        function.Inputs,
                        function.Example,
                        "    "
                    )
                    + "})"
        );

    protected override string Member(string property) => property;

    protected override string Key(string key) => $"\"{key}\": ";

    protected override string Enum(PropertyType type, EnumValue value) =>
        $"{_package}.{type.Name}.{value.Name}";

    protected override (string Open, string Close) Object(PropertyType type) => ("{", "}");

    private static string Program(PackageSchema package, string expression) =>
        $"import * as {package.Name} from \"@pulumi/{package.Name}\";\n\nexport const example = {expression};\n";
}
