namespace Dbaas.Schema.DotNet;

/// <summary>Writes the classes that hold inputs: of resources, of the provider, of functions, and of objects inside them.</summary>
internal sealed class ArgumentsSource(DotNetNames names)
{
    /// <summary>What the inputs of a class look like.</summary>
    /// <param name="BaseClass">Class of Pulumi to derive from.</param>
    /// <param name="Plain">Values only; outputs are not taken.</param>
    /// <param name="Json">Values that are no strings travel as JSON text, as the provider's own settings do.</param>
    public sealed record Shape(string BaseClass, bool Plain = false, bool Json = false);

    /// <summary>Inputs of a resource, or of an object in them.</summary>
    public static Shape Resource { get; } = new("ResourceArgs");

    /// <summary>Settings of the provider.</summary>
    public static Shape Provider { get; } = new("ResourceArgs", Json: true);

    /// <summary>Inputs of a function called with outputs.</summary>
    public static Shape Invoke { get; } = new("InvokeArgs");

    /// <summary>Inputs of a function called with plain values.</summary>
    public static Shape PlainInvoke { get; } = new("InvokeArgs", Plain: true);

    public void Write(
        CSharpText text,
        string name,
        Shape shape,
        IEnumerable<SchemaProperty> properties,
        string description = ""
    )
    {
        var sorted = properties.OrderBy(property => property.Name, StringComparer.Ordinal).ToList();
        text.Summary(description);
        text.Open($"public sealed class {name} : global::Pulumi.{shape.BaseClass}");
        foreach (var property in sorted)
        {
            Property(text, shape, property);
            text.Line();
        }

        text.Open($"public {name}()");
        foreach (var property in sorted)
        {
            Default(text, property);
        }

        text.Close();
        text.Line();
        text.Line($"public static new {name} Empty => new {name}();");
        text.Close();
    }

    private void Property(CSharpText text, Shape shape, SchemaProperty property)
    {
        var name = DotNetNames.Pascal(property.Name);
        var field = "_" + property.Name;
        var type = shape.Plain ? names.Plain(property.Type) : names.Input(property.Type);
        var attribute = Attribute(shape, property);
        if (property.Type.Kind is PropertyKind.Array or PropertyKind.Map)
        {
            text.Line(attribute);
            text.Line($"private {type}? {field};");
            text.Line();
            text.Summary(property.Description);
            text.Open($"public {type} {name}");
            text.Line($"get => {field} ?? ({field} = new {type}());");
            Setter(text, shape, property, type, field);
            text.Close();
        }
        else if (property.Secret)
        {
            text.Line(attribute);
            text.Line($"private {type}? {field};");
            text.Line();
            text.Summary(property.Description);
            text.Open($"public {type}? {name}");
            text.Line($"get => {field};");
            Setter(text, shape, property, type, field);
            text.Close();
        }
        else
        {
            text.Summary(property.Description);
            text.Line(attribute);
            text.Line(
                property.Required
                    ? $"public {type} {name} {{ get; set; }} = null!;"
                    : $"public {type}? {name} {{ get; set; }}"
            );
        }
    }

    /// <summary>A secret is one from the moment it is assigned, so that no later step can forget to mark it.</summary>
    private void Setter(
        CSharpText text,
        Shape shape,
        SchemaProperty property,
        string type,
        string field
    )
    {
        if (!property.Secret || shape.Plain)
        {
            text.Line($"set => {field} = value;");
            return;
        }

        text.Open("set");
        if (property.Type.IsScalar || property.Type.Kind == PropertyKind.Object)
        {
            text.Line("var emptySecret = Output.CreateSecret(0);");
            text.Line(
                $"{field} = Output.Tuple<{type}?, int>(value, emptySecret).Apply(t => t.Item1);"
            );
        }
        else
        {
            var (list, element) = names.Collection(property.Type);
            text.Line($"var emptySecret = Output.CreateSecret({list}.Create<{element}>());");
            text.Line($"{field} = Output.All(value, emptySecret).Apply(v => v[0]);");
        }

        text.Close();
    }

    private static string Attribute(Shape shape, SchemaProperty property)
    {
        var required = property.Required ? ", required: true" : "";
        var json = shape.Json && property.Type.Kind != PropertyKind.String ? ", json: true" : "";
        return $"[Input(\"{property.Name}\"{required}{json})]";
    }

    /// <summary>Fills in what the program may override: the first variable that is set, else the default, else nothing.</summary>
    private void Default(CSharpText text, SchemaProperty property)
    {
        var name = DotNetNames.Pascal(property.Name);
        var literal = property is { SdkDefault: { } value, Type.IsScalar: true }
            ? names.Literal(property.Type, value.ToJsonString())
            : null;
        if (property.SdkEnvironment.Count == 0)
        {
            if (literal is not null)
            {
                text.Line($"{name} = {literal};");
            }

            return;
        }

        var reader = DotNetNames.EnvironmentReader(property);
        if (literal is not null)
        {
            text.Line($"{name} = {reader} ?? {literal};");
            return;
        }

        // Not assigned at all when no variable is set: an input that holds null is not the same as none.
        text.Open($"if ({reader} is {{ }} {DotNetNames.Parameter(property.Name)})");
        text.Line($"{name} = {DotNetNames.Parameter(property.Name)};");
        text.Close();
    }
}
