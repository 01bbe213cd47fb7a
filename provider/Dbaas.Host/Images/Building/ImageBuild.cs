using System.Globalization;
using System.Text.Json;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Images.Building;

/// <summary>One build. The folder gets its final name as the last act, so an image is whole or not there.</summary>
internal sealed class ImageBuild(
    string store,
    ImageRecipe recipe,
    string recipeHash,
    TimeProvider time
)
{
    public const string RecordName = "image.json";
    public const string RootName = "rootfs";
    public const string PidName = "build.pid";

    private readonly string folder = AbandonedBuilds.NewFolder(store, BuildLock.KeyOf(recipeHash));

    private string Root => Path.Combine(folder, RootName);
    private string PidFile => Path.Combine(folder, PidName);

    /// <exception cref="ImageException">The build failed; nothing of it is left.</exception>
    public async Task<ImageRecord> RunAsync(
        IProgress<ImageProgress> progress,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        Directory.CreateDirectory(folder);
        try
        {
            await InstallAsync(progress, cancellationToken);
            var packages = await ResolvedPackagesAsync(cancellationToken);
            var record = new ImageRecord
            {
                Id = ImageId.Compute(recipeHash, packages),
                Engine = recipe.Engine,
                Version = recipe.Version,
                RecipeHash = recipeHash,
                BuiltAt = time.GetUtcNow(),
                BuildSeconds = time.GetElapsedTime(started).TotalSeconds,
                Packages = packages,
            };
            await PublishAsync(record, cancellationToken);
            return record;
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                await AbandonedBuilds.RemoveAsync(folder, CancellationToken.None);
            }
        }
    }

    private async Task InstallAsync(
        IProgress<ImageProgress> progress,
        CancellationToken cancellationToken
    )
    {
        var log = new List<string>();
        var exitCode = await BuildProcess.RunAsync(
            PidFile,
            MmdebstrapCommand.Arguments(recipe, StagedFiles.Write(folder, recipe), Root),
            line =>
            {
                log.Add(line);
                if (BuildStages.Recognise(line) is { } stage)
                {
                    progress.Report(new() { Stage = stage.Stage, Message = stage.Message });
                }
            },
            cancellationToken
        );
        // 127: setsid found no program of that name.
        if (exitCode == 127 && !Directory.Exists(Root))
        {
            throw new ImageException(
                "image.tool_missing",
                "mmdebstrap is not installed on this host; install the package mmdebstrap.",
                retryable: false
            );
        }
        if (exitCode != 0)
        {
            throw BuildFailure.Explain(recipe, log);
        }
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "build.log"),
            log,
            CancellationToken.None
        );
    }

    private async Task<SortedDictionary<string, string>> ResolvedPackagesAsync(
        CancellationToken cancellationToken
    )
    {
        var packages = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var exitCode = await BuildProcess.RunAsync(
            PidFile,
            [
                "dpkg-query",
                $"--admindir={Root}/var/lib/dpkg",
                "--show",
                "--showformat=${Package} ${Version}\\n",
            ],
            line =>
            {
                if (line.Split(' ') is [var name, var version])
                {
                    packages[name] = version;
                }
            },
            cancellationToken
        );
        return exitCode == 0 && packages.Count > 0
            ? packages
            : throw new ImageException(
                "image.build_failed",
                $"dpkg-query ended with {exitCode.ToString(CultureInfo.InvariantCulture)} on the new image.",
                retryable: true
            );
    }

    private async Task PublishAsync(ImageRecord record, CancellationToken cancellationToken)
    {
        StagedFiles.Delete(folder);
        await using (var file = File.Create(Path.Combine(folder, RecordName)))
        {
            await JsonSerializer.SerializeAsync(
                file,
                record,
                ImagesJson.Default.ImageRecord,
                cancellationToken
            );
        }
        // A power cut after the rename must not leave an image with empty files.
        await BuildProcess.RunAsync(
            PidFile,
            ["sync", "--file-system", folder],
            _ => { },
            cancellationToken
        );
        var target = Path.Combine(store, record.Id);
        if (Directory.Exists(target))
        {
            // Same recipe, same versions: what is there already is this image, and containers may run from it.
            return;
        }
        Directory.Move(folder, target);
    }
}
