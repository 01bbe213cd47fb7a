using System.Diagnostics;
using Dbaas.Host.Images;
using Dbaas.Host.Images.Building;
using Dbaas.Protocol.Host;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.Host.Tests.Images;

/// <summary>Real builds, with the smallest image there is: it needs root and the package repositories.</summary>
[Trait("Needs", "root")]
[Collection("Builds of images")]
public sealed class ImageStoreTests : IDisposable
{
    private readonly string folder = Directory
        .CreateDirectory($"/var/tmp/dbaas-images-test-{Guid.NewGuid():n}")
        .FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Given_a_recipe_when_ensured_twice_then_one_build_makes_one_image()
    {
        Recipe("tiny", """["base-files"]""", """["echo 'stage: template Now.'", "touch /made"]""");
        var progress = new Recorder();

        var both = await Task.WhenAll(
            Store()
                .EnsureAsync(
                    "tiny",
                    "1",
                    refresh: false,
                    progress,
                    TestContext.Current.CancellationToken
                ),
            Store()
                .EnsureAsync(
                    "tiny",
                    "1",
                    refresh: false,
                    progress,
                    TestContext.Current.CancellationToken
                )
        );

        Assert.Equal(both[0].Id, both[1].Id);
        Assert.True(File.Exists(Path.Combine(both[0].RootFileSystem, "made")));
        Assert.True(File.Exists(Path.Combine(both[0].RootFileSystem, "etc/dbaas/before")));
        Assert.Equal(
            "after\n",
            await File.ReadAllTextAsync(
                Path.Combine(both[0].RootFileSystem, "etc/motd"),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Contains("base-files", both[0].Packages.Keys);
        Assert.Equal(1, progress.Seen.Count(stage => stage == "template"));
        Assert.Contains("resolving", progress.Seen);
        Assert.Equal("done", progress.Seen[^1]);
        Assert.Equal(both[0].Id, Assert.Single(Store().List()).Id);
        Assert.Empty(Directory.EnumerateDirectories(folder + "/images", ".*"));
    }

    [Fact]
    public async Task Given_a_package_that_does_not_exist_when_ensured_then_it_is_named_and_nothing_stays()
    {
        Recipe("tiny", """["no-such-package-here"]""", "[]");

        var problem = await Assert.ThrowsAsync<ImageException>(() =>
            Store()
                .EnsureAsync(
                    "tiny",
                    "1",
                    refresh: false,
                    new Recorder(),
                    TestContext.Current.CancellationToken
                )
        );

        Assert.Equal("image.package_missing", problem.Code);
        Assert.Contains("no-such-package-here", problem.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(folder + "/images"));
    }

    [Fact]
    public async Task Given_a_cancelled_build_when_it_ends_then_neither_processes_nor_files_stay()
    {
        Recipe("tiny", """["base-files"]""", "[\"sleep 600\"]");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken
        );
        var progress = new Recorder(stage =>
        {
            if (stage == "configuring")
            {
                stop.Cancel();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Store().EnsureAsync("tiny", "1", refresh: false, progress, stop.Token)
        );

        Assert.Empty(Directory.EnumerateDirectories(folder + "/images"));
    }

    [Fact]
    public async Task Given_a_build_whose_host_was_killed_when_swept_then_its_processes_and_files_go()
    {
        var left = Path.Combine(folder, AbandonedBuilds.Prefix + "dead");
        Directory.CreateDirectory(Path.Combine(left, "rootfs"));
        using var orphan = Process.Start("setsid", ["sh", "-c", $"sleep 600; : {left}"]);
        await File.WriteAllTextAsync(
            Path.Combine(left, ImageBuild.PidName),
            $"{orphan.Id}",
            TestContext.Current.CancellationToken
        );
        while (BuildSession.SessionOf(orphan.Id) != orphan.Id)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await AbandonedBuilds.SweepAsync(folder, "mine", TestContext.Current.CancellationToken);

        Assert.True(orphan.WaitForExit(5_000));
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public async Task Given_builds_of_several_recipes_when_swept_then_only_those_nobody_works_on_go()
    {
        var mine = AbandonedBuilds.NewFolder(folder, "mine");
        var others = AbandonedBuilds.NewFolder(folder, "others");
        var nobodys = AbandonedBuilds.NewFolder(folder, "nobodys");
        foreach (var left in (string[])[mine, others, nobodys])
        {
            Directory.CreateDirectory(left);
        }

        using (BuildLock.TryTake(folder, "mine"))
        using (BuildLock.TryTake(folder, "others"))
        {
            Assert.Null(BuildLock.TryTake(folder, "others"));
            await AbandonedBuilds.SweepAsync(folder, "mine", TestContext.Current.CancellationToken);
        }

        Assert.False(Directory.Exists(mine));
        Assert.True(Directory.Exists(others));
        Assert.False(Directory.Exists(nobodys));
    }

    [Fact]
    public async Task Given_a_stranger_with_the_written_process_id_when_swept_then_it_lives_on()
    {
        var left = Path.Combine(folder, AbandonedBuilds.Prefix + "dead");
        Directory.CreateDirectory(left);
        using var stranger = Process.Start("setsid", ["sleep", "600"]);
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(left, ImageBuild.PidName),
                $"{stranger.Id}",
                TestContext.Current.CancellationToken
            );

            await AbandonedBuilds.SweepAsync(folder, "mine", TestContext.Current.CancellationToken);

            Assert.False(stranger.HasExited);
            Assert.False(Directory.Exists(left));
        }
        finally
        {
            stranger.Kill();
        }
    }

    private ImageStore Store() =>
        new(
            new() { Folder = folder + "/images", Recipes = folder + "/recipes" },
            TimeProvider.System,
            NullLogger<ImageStore>.Instance
        );

    private void Recipe(string engine, string packages, string commands)
    {
        var path = Path.Combine(folder, "recipes", engine, "1", "recipe.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(
            path,
            $$"""
            {"engine":"{{engine}}","version":"1","suite":"sid",
             "aptOptions":["Acquire::Check-Valid-Until \"false\"","Acquire::Languages \"none\""],
             "packages":{{packages}},
             "filesBefore":[{"path":"/etc/dbaas/before","mode":"0644","lines":["x"]}],
             "filesAfter":[{"path":"/etc/motd","mode":"0644","lines":["after"]}],
             "commands":{{commands}}}
            """
        );
    }

    private sealed class Recorder(Action<string>? on = null) : IProgress<ImageProgress>
    {
        private readonly Lock gate = new();
        private readonly List<string> seen = [];

        public IReadOnlyList<string> Seen
        {
            get
            {
                lock (gate)
                {
                    return [.. seen];
                }
            }
        }

        public void Report(ImageProgress value)
        {
            lock (gate)
            {
                seen.Add(value.Stage);
            }
            on?.Invoke(value.Stage);
        }
    }
}
