using System.Text;
using System.Text.Json.Nodes;

namespace Dbaas.Schema.Reference;

/// <summary>Examples as Pulumi programs in YAML; they need no SDK.</summary>
internal static class YamlExample
{
    public static string Resource(PackageSchema package, ResourceSchema resource) =>
        $"name: example\nruntime: yaml\nresources:\n  example:\n    type: {package.Name}:{resource.Name}\n    properties:\n"
        + Members(resource.Example, "      ");

    public static string Function(PackageSchema package, FunctionSchema function) =>
        $"name: example\nruntime: yaml\nvariables:\n  example:\n    fn::invoke:\n      function: {package.Name}:{function.Name}\n"
        + (
            function.Example.Count == 0
                ? ""
                : "      arguments:\n" + Members(function.Example, "        ")
        );

    private static string Members(JsonObject values, string indent)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in values)
        {
            text.Append(indent).Append(name).Append(':');
            switch (value)
            {
                case JsonObject members:
                    text.Append('\n').Append(Members(members, indent + "  "));
                    break;
                case JsonArray items:
                    text.Append('\n');
                    foreach (var item in items)
                    {
                        text.Append(indent)
                            .Append("  - ")
                            .Append(item!.ToJsonString())
                            .Append('\n');
                    }

                    break;
                default:
                    // JSON's scalars are YAML's; quotes keep "18" a string.
                    text.Append(' ').Append(value?.ToJsonString() ?? "null").Append('\n');
                    break;
            }
        }

        return text.ToString();
    }
}
