using System.Text;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Isolation;

/// <summary>Promise 6: no secret in state, plan output, logs, arguments or environment.</summary>
[Collection(typeof(Alone))]
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class SecretsTests(SharedPlatform shared)
{
    private static readonly string[] Private = ["secrets", "pki", "config", "kms", "profile.json"];

    [Theory]
    [InlineData("postgresql")]
    [InlineData("mysql")]
    public async Task Given_a_database_in_use_when_everything_readable_is_searched_then_no_secret_is_found(
        string engine
    )
    {
        var platform = await shared.RunningAsync();
        var name = $"e2e-secrets-{engine}";
        var kind = EngineUnderTest.Of(engine);
        using var terraform = new TerraformWorkspace(platform);
        terraform.Write((kind.Declare(name) with { DeletionProtection = false }).ToString());
        await terraform.InitAsync();
        var apply = await terraform.ApplyAsync();
        var credentials = await Credentials.FetchAsync(platform, name);
        using var client = kind.Connect(credentials);
        await client.QueryAsync("select 1");
        (await terraform.RunAsync("plan", "-out=plan", "-no-color")).Succeeded();
        var plan = await terraform.RunAsync("show", "-json", "plan");

        var secrets = new Dictionary<string, string>
        {
            ["the database password"] = credentials.Password,
            ["the administrator's API key"] = platform.ApiKey,
            ["control's key service secret"] = (string)
                platform.ReadJson("secrets/kms-control.json")["secretAccessKey"]!,
            ["the host's key service secret"] = (string)
                platform.ReadJson("secrets/kms-host-local-a.json")["secretAccessKey"]!,
            ["the enrolment token"] = (
                await File.ReadAllTextAsync(
                    Path.Combine(platform.Root, "secrets/enrol-local-a"),
                    TestContext.Current.CancellationToken
                )
            ).Trim(),
        };
        var found = new List<string>();
        foreach (var (what, secret) in secrets)
        {
            Assert.True(secret.Length >= 16, $"{what} is too short to be searched for.");
            found.AddRange(FindInText(what, secret, apply.All, "output of apply"));
            found.AddRange(FindInText(what, secret, plan.All, "plan as JSON"));
            found.AddRange(
                FindInText(
                    what,
                    secret,
                    await File.ReadAllTextAsync(
                        terraform.StateFile,
                        TestContext.Current.CancellationToken
                    ),
                    "state"
                )
            );
            found.AddRange(FindInLogs(what, secret, platform));
            found.AddRange(FindInProcesses(what, secret, platform));
        }

        found.AddRange(
            await FindInFilesAsync(
                secrets,
                // The metadata database as it lies on the disk, its log of changes included, and what machines are made of.
                [
                    Path.Combine(platform.Root, "metadata"),
                    Path.Combine(platform.Root, "bin"),
                    Path.Combine(platform.Root, "run"),
                    Repository.ImageStore,
                ]
            )
        );
        Assert.Empty(found);
        (await terraform.RunAsync("destroy", "-auto-approve", "-no-color")).Succeeded();
    }

    [Fact]
    public async Task Given_an_installation_when_its_files_are_listed_then_only_owners_can_read_secrets()
    {
        var platform = await shared.RunningAsync();
        var readable = Private
            .Select(entry => Path.Combine(platform.Root, entry))
            .SelectMany(path =>
                Directory.Exists(path)
                    ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                    : [path]
            )
            .Where(file => !file.EndsWith(".crt", StringComparison.Ordinal))
            .Where(file =>
                (File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite))
                != UnixFileMode.None
            )
            .ToList();

        Assert.Empty(readable);
    }

    private static IEnumerable<string> FindInText(
        string what,
        string secret,
        string text,
        string where
    )
    {
        if (text.Contains(secret, StringComparison.Ordinal))
        {
            yield return $"{what} in {where}";
        }
    }

    [Fact]
    public async Task Given_a_running_installation_when_a_process_of_it_crashes_then_it_may_leave_no_core_file()
    {
        var platform = await shared.RunningAsync();
        const string name = "e2e-cores";
        using var terraform = new TerraformWorkspace(platform);
        terraform.Write(
            (new InstanceConfiguration(name) { DeletionProtection = false }).ToString()
        );
        await terraform.InitAsync();
        await terraform.ApplyAsync();

        var processes = platform.Processes();
        Assert.Contains(
            processes,
            pid => ProcessTable.Program(pid).EndsWith("/postgres", StringComparison.Ordinal)
        );
        Assert.Equal(
            [],
            processes
                .Select(pid =>
                    (Program: ProcessTable.Program(pid), Limit: ProcessTable.CoreLimit(pid))
                )
                .Where(one => one.Program.Length > 0 && one.Limit != "0")
                .Distinct()
        );
        (await terraform.RunAsync("destroy", "-auto-approve", "-no-color")).Succeeded();
    }

    /// <summary>Files below these folders that hold a secret, by the tool that reads quickest and in one reading of gigabytes.</summary>
    private static async Task<IEnumerable<string>> FindInFilesAsync(
        IReadOnlyDictionary<string, string> secrets,
        IReadOnlyList<string> folders
    )
    {
        // From a file: arguments can be read by everybody. An image that somebody else is building just now has /proc within.
        using var patterns = new TemporaryFile(string.Join('\n', secrets.Values));
        var answer = await Command.RunAsync(
            "grep",
            [
                "-rlaFs",
                "--devices=skip",
                "--exclude-dir=.building-*",
                "-f",
                patterns.Path,
                .. folders,
            ]
        );
        return answer
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(file =>
                secrets
                    .Where(secret => Contains(file, secret.Value))
                    .Select(secret => $"{secret.Key} in {file}")
                    .DefaultIfEmpty($"a secret in {file}, which has changed since")
            );
    }

    private static IEnumerable<string> FindInLogs(string what, string secret, Platform platform) =>
        Directory
            .EnumerateFiles(Path.Combine(platform.Root, "log"))
            .Concat(
                Directory.EnumerateFiles(
                    Path.Combine(platform.Root, "hosts"),
                    "*.log",
                    SearchOption.AllDirectories
                )
            )
            .Where(file => Contains(file, secret))
            .Select(file => $"{what} in {file}");

    // The user's own API key in DBAAS_API_KEY is the one exception, so only what the platform itself runs is searched.
    private static IEnumerable<string> FindInProcesses(
        string what,
        string secret,
        Platform platform
    ) =>
        platform
            .Processes()
            .Where(pid =>
                ProcessTable.CommandLine(pid).Contains(secret, StringComparison.Ordinal)
                || ProcessTable.Environment(pid).Contains(secret, StringComparison.Ordinal)
            )
            .Select(pid => $"{what} in arguments or environment of {ProcessTable.Program(pid)}");

    private static bool Contains(string file, string secret) =>
        File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0;
}
