using System.Text.Json.Nodes;
using Dbaas.Cli.Problems;

namespace Dbaas.Cli.Kms;

/// <summary>The embedded key service of one region, as the files of the installation on this machine describe it. Root can read them.</summary>
/// <param name="Region">Its region, for signatures.</param>
/// <param name="Listen">address:port.</param>
/// <param name="DataFolder">kms/REGION.</param>
internal sealed record LocalKeyService(string Root, string Region, string Listen, string DataFolder)
{
    private const string DefaultRoot = "/var/lib/dbaas";
    private const string ConfigPrefix = "kms-";

    public string CaFile => Path.Combine(Root, "pki", "internal-ca.crt");

    public string Endpoint => $"https://{Listen}";

    /// <param name="region">Null takes the first by name.</param>
    /// <exception cref="CliException">There is no such installation or region here, or it is somebody else's.</exception>
    public static LocalKeyService Find(Func<string, string?> environment, string? region)
    {
        var root = environment("DBAAS_ROOT") is { Length: > 0 } named ? named : DefaultRoot;
        var config = Path.Combine(root, "config");
        try
        {
            var regions = Directory
                .EnumerateFiles(config, ConfigPrefix + "*.json")
                .Select(path => Path.GetFileNameWithoutExtension(path)[ConfigPrefix.Length..])
                .Order(StringComparer.Ordinal)
                .ToList();
            var chosen =
                regions.Find(name => region is null || name == region)
                ?? throw new CliException(
                    ExitCode.NotFound,
                    region is null
                        ? $"{config} describes no key service."
                        : $"There is no key service for the region '{region}' in {root}.",
                    $"regions: {string.Join(", ", regions)}"
                );
            var settings = JsonNode.Parse(
                File.ReadAllText(Path.Combine(config, ConfigPrefix + chosen + ".json"))
            )!;
            return new(
                root,
                chosen,
                settings["listen"]!.GetValue<string>(),
                settings["dataFolder"]!.GetValue<string>()
            );
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw NotHere(root, exception);
        }
    }

    /// <summary>Access key and secret of the machine's owner.</summary>
    /// <exception cref="CliException">Only root may read them.</exception>
    public (string AccessKeyId, string SecretAccessKey) ReadCredentials()
    {
        try
        {
            var file = JsonNode.Parse(
                File.ReadAllText(Path.Combine(Root, "secrets", "kms-administrator.json"))
            )!;
            return (
                file["accessKeyId"]!.GetValue<string>(),
                file["secretAccessKey"]!.GetValue<string>()
            );
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw NotHere(Root, exception);
        }
    }

    private static CliException NotHere(string root, Exception exception) =>
        new(
            ExitCode.Unavailable,
            $"The embedded key service cannot be used from here: {exception.Message}",
            $"Run this as root on the machine of the installation; DBAAS_ROOT names it ({root} now). `make up` brings an older installation up to date."
        );
}
