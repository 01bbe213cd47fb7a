using System.Text.Json;
using Dbaas.Host.Images.Building;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Images;

/// <inheritdoc cref="IImages"/>
internal sealed partial class ImageStore(
    ImageStoreOptions options,
    TimeProvider time,
    ILogger<ImageStore> logger
) : IImages
{
    private readonly RecipeBook recipes = new(options);

    public async Task<Image> EnsureAsync(
        string engine,
        string version,
        bool refresh,
        IProgress<ImageProgress> progress,
        CancellationToken cancellationToken
    )
    {
        var (recipe, hash) = recipes.Read(engine, version);
        if (!refresh && Newest(engine, version, hash) is { } existing)
        {
            return Done(existing, progress);
        }

        Directory.CreateDirectory(options.Folder);
        var key = BuildLock.KeyOf(hash);
        using var buildLock = await BuildLock.TakeAsync(
            options.Folder,
            key,
            time,
            () =>
                progress.Report(
                    Stage("queued", "This image is being built already; waiting for it.")
                ),
            cancellationToken
        );
        await AbandonedBuilds.SweepAsync(options.Folder, key, cancellationToken);
        // Whoever held the lock may have built just this one.
        if (!refresh && Newest(engine, version, hash) is { } built)
        {
            return Done(built, progress);
        }

        LogBuilding(engine, version, recipe.Suite);
        var record = await new ImageBuild(options.Folder, recipe, hash, time).RunAsync(
            progress,
            cancellationToken
        );
        LogBuilt(record.Id, engine, version, record.BuildSeconds);
        return Done(Describe(record), progress);
    }

    public Image? Newest(string engine, string version) =>
        Newest(engine, version, recipes.Read(engine, version).Hash);

    public IReadOnlyList<Image> List() => [.. Records().Select(Describe)];

    public Image? Find(string imageId) =>
        Records().FirstOrDefault(record => record.Id == imageId) is { } record
            ? Describe(record)
            : null;

    private Image? Newest(string engine, string version, string recipeHash) =>
        Records()
            .FirstOrDefault(record =>
                record.Engine == engine
                && record.Version == version
                && record.RecipeHash == recipeHash
            )
            is { } record
            ? Describe(record)
            : null;

    private IEnumerable<ImageRecord> Records() =>
        Directory.Exists(options.Folder)
            ? Directory
                .EnumerateDirectories(options.Folder)
                .Where(folder => !Path.GetFileName(folder).StartsWith('.'))
                .Select(Read)
                .OfType<ImageRecord>()
                .OrderByDescending(record => record.BuiltAt)
            : [];

    private ImageRecord? Read(string folder)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(folder, ImageBuild.RecordName));
            return JsonSerializer.Deserialize(file, ImagesJson.Default.ImageRecord);
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            LogUnreadable(folder, exception.Message);
            return null;
        }
    }

    private Image Describe(ImageRecord record) =>
        new()
        {
            Id = record.Id,
            Engine = record.Engine,
            Version = record.Version,
            EngineVersion = EngineVersionOf(record),
            Packages = record.Packages,
            BuiltAt = record.BuiltAt,
            RootFileSystem = Path.Combine(options.Folder, record.Id, ImageBuild.RootName),
        };

    private string EngineVersionOf(ImageRecord record)
    {
        try
        {
            var server = recipes.Read(record.Engine, record.Version).Recipe.Packages[0];
            return record.Packages.TryGetValue(server, out var version)
                ? UpstreamVersion.Of(version)
                : "";
        }
        catch (ImageException)
        {
            return ""; // of an engine or version that this program no longer offers
        }
    }

    private static Image Done(Image image, IProgress<ImageProgress> progress)
    {
        var message = Stage("done", $"Image {image.Id} is ready.");
        message.ImageId = image.Id;
        message.Packages.Add(image.Packages.ToDictionary());
        progress.Report(message);
        return image;
    }

    private static ImageProgress Stage(string stage, string message) =>
        new() { Stage = stage, Message = message };

    [LoggerMessage(4801, LogLevel.Information, "Building image {Engine} {Version} from {Suite}")]
    private partial void LogBuilding(string engine, string version, string suite);

    [LoggerMessage(
        4802,
        LogLevel.Information,
        "Built image {ImageId} for {Engine} {Version} in {Seconds:F1} s"
    )]
    private partial void LogBuilt(string imageId, string engine, string version, double seconds);

    [LoggerMessage(4803, LogLevel.Warning, "{Folder} is no image: {Reason}")]
    private partial void LogUnreadable(string folder, string reason);
}
