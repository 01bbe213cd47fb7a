using Dbaas.Cli.Problems;
using Dbaas.Schema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Dbaas.Cli.Apply;

/// <summary>Reads what a user declared: YAML or JSON (which is YAML as well), one or several documents.</summary>
internal static class DeclaredFile
{
    private const string ResourceKey = "resource";
    private const string DefaultResource = "DatabaseInstance";
    private const string StandardInput = "-";

    /// <exception cref="CliException">Not readable, no YAML, or a property that schema.json does not know.</exception>
    public static IReadOnlyList<DeclaredResource> Read(string path)
    {
        var stream = new YamlStream();
        try
        {
            using var reader = path == StandardInput ? Console.In : new StreamReader(path);
            stream.Load(reader);
        }
        catch (YamlException exception)
        {
            throw new CliException(
                ExitCode.RefusedInput,
                $"{path}, line {exception.Start.Line}: {exception.InnerException?.Message ?? exception.Message}"
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"{path} cannot be read: {exception.Message}");
        }

        List<DeclaredResource> declared = [];
        foreach (var document in stream.Documents)
        {
            if (document.RootNode is YamlScalarNode { Value: null or "" })
            {
                continue; // `---` at the end of a file
            }

            declared.Add(ReadDocument(path, document.RootNode));
        }

        if (declared.Count == 0)
        {
            throw new CliException(ExitCode.RefusedInput, $"{path} declares nothing.");
        }

        var twice = declared
            .GroupBy(resource => (resource.Resource.Name, resource.Name))
            .FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? declared
            : throw new CliException(
                ExitCode.RefusedInput,
                $"{path} declares {twice.Key.Item2} more than once."
            );
    }

    private static DeclaredResource ReadDocument(string path, YamlNode root)
    {
        if (root is not YamlMappingNode mapping)
        {
            throw Refused(path, root, "a document must map property names to values");
        }

        var resource = Resource(path, mapping);
        var inputs = SchemaGuidedReader.ReadObject(
            mapping,
            resource.Inputs,
            ignore: ResourceKey,
            (node, message) => Refused(path, node, message)
        );
        return inputs["name"]?.GetValue<string>() is { Length: > 0 } name
            ? new DeclaredResource(resource, name, inputs)
            : throw Refused(path, root, "'name' is missing");
    }

    private static ResourceSchema Resource(string path, YamlMappingNode mapping)
    {
        var node = mapping
            .Children.FirstOrDefault(pair => pair.Key is YamlScalarNode { Value: ResourceKey })
            .Value;
        var wanted = node is YamlScalarNode { Value: { } value } ? value : DefaultResource;
        var known = PackageSchema.Embedded.Resources;
        return known.FirstOrDefault(resource => resource.Name == wanted)
            ?? throw Refused(
                path,
                node ?? mapping,
                $"there is no resource '{wanted}'"
                    + NearestName.Suggest(wanted, known.Select(resource => resource.Name))
            );
    }

    private static CliException Refused(string path, YamlNode node, string message) =>
        new(ExitCode.RefusedInput, $"{path}, line {node.Start.Line}: {message}");
}
