using System.Text.Json;

namespace Dbaas.Engines.Tests.Machines;

/// <summary>
/// Root folders of the images that <c>make test</c> built: <c>DBAAS_IMAGE_STORE/ID/{image.json,rootfs}</c>. Without that variable the
/// engine tests are skipped; with it a missing image is a failure, because a skip would hide that nothing was tested.
/// </summary>
internal static class EngineImages
{
    private static string? Store => Environment.GetEnvironmentVariable("DBAAS_IMAGE_STORE");

    /// <summary>Whether this run was given images at all.</summary>
    public static bool Given => !string.IsNullOrEmpty(Store);

    /// <summary>The newest image of the engine; <paramref name="version"/> is empty for the platform's own.</summary>
    /// <exception cref="InvalidOperationException">The store holds none.</exception>
    public static string Rootfs(string engine, string version) =>
        Directory
            .EnumerateDirectories(Store!)
            .Where(folder => File.Exists($"{folder}/image.json"))
            .Select(folder => (Folder: folder, Image: Read($"{folder}/image.json")))
            .Where(found =>
                found.Image.GetProperty("engine").GetString() == engine
                && found.Image.GetProperty("version").GetString() == version
            )
            .OrderByDescending(found => found.Image.GetProperty("builtAt").GetDateTimeOffset())
            .Select(found => $"{found.Folder}/rootfs")
            .FirstOrDefault(Directory.Exists)
        ?? throw new InvalidOperationException(
            $"{Store} holds no image of {engine} {version}; build/images {Store} makes it."
        );

    private static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.Clone();
    }
}
