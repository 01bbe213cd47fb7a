using System.Globalization;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Machines.Simulated;

/// <summary>Images of a simulated host: <c>sim-ENGINE-MAJOR.MINOR</c>, in the order in which they were built.</summary>
internal static class SimulatedImages
{
    /// <summary>The newest image, or a new one of this minor when there is none or one is asked for.</summary>
    public static string Ensure(List<string> images, EnsureImageRequest request, int minor)
    {
        var name = $"sim-{request.Engine}-{request.Version}.";
        if (!request.Refresh && Newest(images, name) is { } newest)
        {
            return newest;
        }

        var built = name + minor.ToString(CultureInfo.InvariantCulture);
        // The same packages are the same image.
        if (!images.Contains(built))
        {
            images.Add(built);
        }

        return built;
    }

    public static IReadOnlyList<ImageDescription> List(List<string> images) =>
        [
            .. images
                .AsEnumerable()
                .Reverse()
                .Select(image =>
                {
                    var version = VersionOf(image);
                    var name = image[..^version.Length];
                    var major = version[..version.LastIndexOf('.')];
                    return new ImageDescription
                    {
                        ImageId = image,
                        Engine = name["sim-".Length..^1],
                        Version = major,
                        EngineVersion = version,
                        BuiltAt = "2026-01-01T00:00:00Z",
                        Newest = Newest(images, $"{name}{major}.") == image,
                    };
                }),
        ];

    /// <summary>18.2 of <c>sim-postgresql-18.2</c>.</summary>
    public static string VersionOf(string image) => image[(image.LastIndexOf('-') + 1)..];

    private static string? Newest(List<string> images, string name) =>
        images.FindLast(image =>
            image.StartsWith(name, StringComparison.Ordinal)
            && !image.AsSpan(name.Length).Contains('.')
        );
}
