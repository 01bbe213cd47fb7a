namespace Dbaas.Schema.DotNet;

/// <summary>How names and types of schema.json are written in C#.</summary>
internal sealed class DotNetNames(PackageSchema package)
{
    /// <summary>Words that cannot be parameter names as they are.</summary>
    private static readonly HashSet<string> Keywords =
    [
        .. (
            "abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else "
            + "enum event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock "
            + "long namespace new null object operator out override params private protected public readonly ref return sbyte sealed "
            + "short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort "
            + "using virtual void volatile while"
        ).Split(' '),
    ];

    /// <summary>Name of the package as a part of C# names, e.g. Dbaas.</summary>
    public string Package { get; } = Pascal(package.Name);

    /// <summary>Namespace and assembly, e.g. Pulumi.Dbaas.</summary>
    public string Namespace => $"Pulumi.{Package}";

    /// <summary>storageGib → StorageGib.</summary>
    public static string Pascal(string name) =>
        string.Concat(name.Split('-').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    /// <summary>A parameter or the tail of a field: the wire name itself, because the runtime binds constructors by it.</summary>
    public static string Parameter(string name) => Keywords.Contains(name) ? "@" + name : name;

    /// <summary>Reads the environment variables of a setting, e.g. Utilities.GetEnv("DBAAS_ENDPOINT").</summary>
    public static string EnvironmentReader(SchemaProperty property)
    {
        var method = property.Type.Kind switch
        {
            PropertyKind.Boolean => "GetEnvBoolean",
            PropertyKind.Integer => "GetEnvInt32",
            PropertyKind.Number => "GetEnvDouble",
            _ => "GetEnv",
        };
        var variables = property.SdkEnvironment.Select(variable => $"\"{variable}\"");
        return $"Utilities.{method}({string.Join(", ", variables)})";
    }

    /// <summary>Token of a member of the only module, e.g. dbaas:index:DatabaseInstance.</summary>
    public string Token(string name) => $"{package.Name}:index:{name}";

    /// <summary>Type of a value that was read: <c>int</c>, <c>ImmutableArray&lt;Outputs.Member&gt;</c>.</summary>
    public string Read(PropertyType type, bool required) =>
        type.Kind switch
        {
            // An immutable array has a default of its own and is never null.
            PropertyKind.Array => $"ImmutableArray<{Read(type.Element!.Type, required: true)}>",
            PropertyKind.Map =>
                $"ImmutableDictionary<string, {Read(type.Element!.Type, required: true)}>{Mark(required)}",
            PropertyKind.Object => $"Outputs.{ObjectName(type)}{Mark(required)}",
            _ => Scalar(type) + Mark(required),
        };

    /// <summary>Type of an input that takes outputs too: <c>Input&lt;int&gt;</c>, <c>InputList&lt;Inputs.RuleArgs&gt;</c>.</summary>
    public string Input(PropertyType type) =>
        type.Kind switch
        {
            PropertyKind.Array => $"InputList<{InputElement(type.Element!.Type)}>",
            PropertyKind.Map => $"InputMap<{InputElement(type.Element!.Type)}>",
            _ => $"Input<{InputElement(type)}>",
        };

    /// <summary>What a list or map of inputs is made of: ImmutableArray and its elements, ImmutableDictionary and its keys and values.</summary>
    public (string Collection, string Elements) Collection(PropertyType type) =>
        type.Kind == PropertyKind.Array
            ? ("ImmutableArray", InputElement(type.Element!.Type))
            : ("ImmutableDictionary", $"string, {InputElement(type.Element!.Type)}");

    /// <summary>Type of an input that takes no outputs: <c>int</c>, <c>List&lt;Inputs.Rule&gt;</c>.</summary>
    public string Plain(PropertyType type) =>
        type.Kind switch
        {
            PropertyKind.Array => $"List<{Plain(type.Element!.Type)}>",
            PropertyKind.Map => $"Dictionary<string, {Plain(type.Element!.Type)}>",
            PropertyKind.Object => $"Inputs.{ObjectName(type)}",
            _ => Scalar(type),
        };

    /// <summary>A default of schema.json as C#.</summary>
    public string Literal(PropertyType type, string json)
    {
        if (type.Kind != PropertyKind.String)
        {
            return json;
        }

        var member = type.Enum.FirstOrDefault(value => $"\"{value.Value}\"" == json);
        return member is null ? json : $"{EnumName(type)}.{member.Name}";
    }

    private static string Mark(bool required) => required ? "" : "?";

    private string InputElement(PropertyType type) =>
        type.Kind switch
        {
            PropertyKind.Array => $"ImmutableArray<{InputElement(type.Element!.Type)}>",
            PropertyKind.Map => $"ImmutableDictionary<string, {InputElement(type.Element!.Type)}>",
            PropertyKind.Object => $"Inputs.{ObjectName(type)}Args",
            _ => Scalar(type),
        };

    private string Scalar(PropertyType type) =>
        type.Kind switch
        {
            PropertyKind.Boolean => "bool",
            PropertyKind.Integer => "int",
            PropertyKind.Number => "double",
            PropertyKind.String when type is { Name: not null, Enum.Count: > 0 } => EnumName(type),
            PropertyKind.String => "string",
            _ => throw new InvalidDataException($"{type.Kind} is not a scalar."),
        };

    private string EnumName(PropertyType type) => $"global::{Namespace}.{type.Name}";

    private static string ObjectName(PropertyType type) =>
        type.Name
        ?? throw new InvalidDataException(
            "schema.json: an object written in place has no name in C#; move it to types."
        );
}
