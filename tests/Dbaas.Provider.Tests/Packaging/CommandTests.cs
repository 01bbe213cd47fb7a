using Dbaas.Provider.Tests.Terraform;

namespace Dbaas.Provider.Tests.Packaging;

/// <summary>The scripts behind make: what they refuse, and that a refusal changes nothing.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dbaas-commands-").FullName;

    public static TheoryData<string> Scripts { get; } =
    [
        .. Directory
            .EnumerateFiles(Path.Combine(TerraformFolder.RepositoryRoot(), "build"))
            .Where(file => File.ReadLines(file).FirstOrDefault() == "#!/usr/bin/env bash")
            .Select(file => "build/" + Path.GetFileName(file))
            .Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Commands { get; } =
    ["build/up", "build/down", "build/clean", "build/quickstart"];

    [Fact]
    public void Given_the_scripts_when_listed_then_those_a_user_runs_are_among_them()
    {
        var scripts = Scripts.Select(row => row.Data).ToList();

        Assert.Empty(Commands.Select(row => row.Data).Except(scripts));
        Assert.Contains("build/install-provider", scripts);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Given_a_script_when_it_is_read_then_it_parses_may_be_run_and_stops_at_the_first_error(
        string script
    )
    {
        var file = Path.Combine(TerraformFolder.RepositoryRoot(), script);

        await Script.RunAsync("bash", ["-n", file]);

        Assert.True(
            File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute),
            $"{script} is not executable"
        );
        // The test run counts failures instead of stopping at the first.
        Assert.Matches(
            script == "build/test" ? @"(?m)^set -uo pipefail$" : @"(?m)^set -euo pipefail$",
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)
        );
    }

    [Theory]
    [InlineData("build/up")]
    [InlineData("build/down")]
    [InlineData("build/clean")]
    public async Task Given_a_user_who_is_not_root_when_a_command_needs_it_then_it_says_so_and_does_nothing(
        string script
    )
    {
        var (exit, output, errors) = await Script.TryAsync(script, [], As(uid: 1000));

        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("run this as root", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Root));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Given_a_word_it_does_not_know_when_a_command_is_run_then_it_refuses_before_anything_else(
        string script
    )
    {
        var (exit, output, errors) = await Script.TryAsync(script, ["--dry-run"], As(uid: 1000));

        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("takes no arguments, and got: --dry-run", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Root));
    }

    [Fact]
    public async Task Given_nothing_installed_when_it_is_stopped_then_it_says_so_and_succeeds()
    {
        var said = await Script.RunAsync("build/down", [], As(uid: 0));

        Assert.Contains($"nothing is installed below {Root}", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Root));
    }

    [Fact]
    public async Task Given_nothing_installed_when_the_quickstart_is_applied_then_it_says_what_to_run_first()
    {
        var (exit, _, errors) = await Script.TryAsync("build/quickstart", [], As(uid: 0));

        Assert.Equal(1, exit);
        Assert.Contains("run 'make up' first", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Root));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Root => Path.Combine(_folder, "root");

    /// <summary>A root folder of this test's own, and an `id` that names this user, whoever runs the tests.</summary>
    private Dictionary<string, string> As(int uid)
    {
        var programs = Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName;
        var id = Path.Combine(programs, "id");
        File.WriteAllText(id, $"#!/bin/sh\necho {uid}\n");
        File.SetUnixFileMode(id, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new()
        {
            ["DBAAS_ROOT"] = Root,
            ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}",
        };
    }
}
