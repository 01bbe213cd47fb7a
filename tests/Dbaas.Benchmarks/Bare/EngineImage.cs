using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Bare;

/// <summary>The images that instances get, so that the peer runs the same programs.</summary>
internal static class EngineImage
{
    /// <summary>Root file system of the newest one in the store.</summary>
    /// <exception cref="InvalidOperationException">The store has none; build/images makes it.</exception>
    public static string RootFolder(string engine = "postgresql", string version = "18") =>
        Directory
            .EnumerateDirectories(Repository.ImageStore)
            .Where(folder => File.Exists(Path.Combine(folder, "image.json")))
            .Select(folder =>
                (
                    folder,
                    image: JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "image.json")))!
                )
            )
            .Where(entry =>
                (string?)entry.image["engine"] == engine
                && (string?)entry.image["version"] == version
            )
            .OrderByDescending(entry =>
                DateTimeOffset.Parse((string)entry.image["builtAt"]!, CultureInfo.InvariantCulture)
            )
            .Select(entry => Path.Combine(entry.folder, "rootfs"))
            .FirstOrDefault()
        ?? throw new InvalidOperationException(
            $"There is no image of {engine} {version} in {Repository.ImageStore}; build/images makes one."
        );
}
