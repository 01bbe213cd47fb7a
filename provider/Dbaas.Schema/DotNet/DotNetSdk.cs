namespace Dbaas.Schema.DotNet;

/// <summary>
/// The .NET SDK derived from schema.json, with the public surface that Pulumi's own generator gives for the same schema: programs
/// written against one compile against the other. A test compares it with what is checked in.
/// </summary>
public static class DotNetSdk
{
    /// <summary>All files of sdk/dotnet.</summary>
    /// <exception cref="InvalidDataException">A name or shape that has no counterpart in C#; the message names it.</exception>
    public static IEnumerable<SdkFile> Files(PackageSchema package)
    {
        var names = new DotNetNames(package);
        var types = NamedTypes.Of(package);
        return
        [
            .. ProjectSource.Files(package, names),
            UtilitiesSource.File(package, names),
            ConfigSource.File(package, names),
            ProviderSource.File(package, names),
            EnumSource.File(names, types),
            .. package.Resources.Select(resource => ResourceSource.File(package, names, resource)),
            .. package.Functions.Select(function => FunctionSource.File(package, names, function)),
            .. types.Inputs.Select(type => NestedSource.Input(names, type)),
            .. types.PlainInputs.Select(type => NestedSource.PlainInput(names, type)),
            .. types.Outputs.Select(type => NestedSource.Output(names, type)),
        ];
    }
}
