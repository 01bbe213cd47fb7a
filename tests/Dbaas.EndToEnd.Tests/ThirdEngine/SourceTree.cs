using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.ThirdEngine;

/// <summary>A copy of the checkout with an engine added as docs/adding-an-engine.md says: files are put in, none is changed.</summary>
internal sealed class SourceTree : IDisposable
{
    private static readonly string[] s_taken =
    [
        "build",
        "engines",
        "provider",
        ".editorconfig",
        "BannedSymbols.txt",
        "Dbaas.Provider.sln",
        "Directory.Build.props",
        "Directory.Build.targets",
        "Directory.Packages.props",
        "global.json",
        "schema.json",
    ];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbaas-third-");

    public string Published => Path.Combine(folder.FullName, "artifacts", "publish");

    /// <summary>Copies the checkout and puts the files of a new engine in.</summary>
    public async Task AddAsync(string added)
    {
        (
            await Command.RunAsync(
                "bash",
                [
                    "-c",
                    $"set -o pipefail; tar -C {Repository.Root} --exclude=*/bin --exclude=*/obj -c {string.Join(' ', s_taken)} | tar -C {folder.FullName} -x",
                ]
            )
        ).Succeeded();
        foreach (var file in Directory.EnumerateFiles(added, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder.FullName, Path.GetRelativePath(added, file));
            Assert.False(File.Exists(target), $"{target} is there: a new engine changes no file.");
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>
    /// Compiles a project, the compiler's warnings being errors. The analyzers have their say where the checkout and the files of the
    /// new engine are built; without them it takes half the time.
    /// </summary>
    public Task<CommandResult> CompileAsync(string project) =>
        Command.RunAsync(
            "dotnet",
            ["build", project, "-c", "Release", "-nologo", "-v", "quiet", "-p:RunAnalyzers=false"],
            folder: folder.FullName,
            deadline: TimeSpan.FromMinutes(10)
        );

    /// <summary>Builds what knows engines: control service, host daemon, agent.</summary>
    public async Task PublishAsync()
    {
        // What does not know engines stays as it was built.
        Directory.CreateDirectory(Path.GetDirectoryName(Published)!);
        (await Command.RunAsync("cp", ["-r", Repository.Published, Published])).Succeeded();
        (
            await Command.RunAsync(
                Path.Combine(folder.FullName, "build", "publish"),
                ["control", "host", "agent"],
                deadline: TimeSpan.FromMinutes(15)
            )
        ).Succeeded();
    }

    public void Dispose() => folder.Delete(recursive: true);
}
