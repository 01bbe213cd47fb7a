using Dbaas.Provider.Tests.Terraform;

namespace Dbaas.Provider.Tests.Packaging;

/// <summary>The provider in the home of a user who has configured nothing.</summary>
public sealed class InstallProviderTests : IDisposable
{
    private const string Installer = "build/install-provider";
    private readonly string _home = Directory.CreateTempSubdirectory("dbaas-home-").FullName;

    [Fact]
    [Trait("Needs", "engine")]
    public async Task Given_an_installed_provider_when_terraform_initialises_then_it_finds_it_by_itself_and_a_second_run_changes_nothing()
    {
        await NativeBinaryTests.PublishedAsync();

        var first = await Script.RunAsync(Installer, [Mirror], Variables);

        Assert.Contains("Terraform finds dbaas", first, StringComparison.Ordinal);
        Assert.Contains("Pulumi finds dbaas", first, StringComparison.Ordinal);
        var before = Files();
        Assert.Single(before.Keys, file => file.Contains(Mirror, StringComparison.Ordinal));
        Assert.Single(
            before.Keys,
            file => file.EndsWith("/pulumi-resource-dbaas", StringComparison.Ordinal)
        );

        var second = await Script.RunAsync(Installer, [Mirror], Variables);

        Assert.Contains("Terraform already finds dbaas", second, StringComparison.Ordinal);
        Assert.Contains("Pulumi already finds dbaas", second, StringComparison.Ordinal);
        Assert.Equal(before, Files());
        await FoundByTerraformAsync();
    }

    [Fact]
    [Trait("Needs", "engine")]
    public async Task Given_a_configuration_that_turns_mirrors_off_when_the_provider_is_installed_then_a_note_says_what_to_add()
    {
        await NativeBinaryTests.PublishedAsync();
        await File.WriteAllTextAsync(
            Path.Combine(_home, ".terraformrc"),
            "provider_installation {\n  direct {}\n}\n",
            TestContext.Current.CancellationToken
        );

        var said = await Script.RunAsync(Installer, [Mirror], Variables);

        Assert.Contains(
            $"filesystem_mirror {{ path = \"{Mirror}\" }}",
            said,
            StringComparison.Ordinal
        );
    }

    [Fact]
    [Trait("Needs", "engine")]
    public async Task Given_an_installed_provider_when_it_is_removed_then_other_plugins_and_a_copy_of_somebody_elses_stay()
    {
        await NativeBinaryTests.PublishedAsync();
        var plugins = Path.Combine(_home, ".pulumi", "plugins");
        string[] others =
        [
            Path.Combine(plugins, "resource-random-v4.0.0", "pulumi-resource-random"),
            Path.Combine(plugins, "resource-dbaas-v0.0.1", "pulumi-resource-dbaas"),
        ];
        foreach (var other in others)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(other)!);
            await File.WriteAllTextAsync(other, other, TestContext.Current.CancellationToken);
        }

        var variables = Variables;
        variables["DBAAS_TERRAFORM_MIRROR"] = Mirror;
        await Script.RunAsync(Installer, [], variables);
        Assert.True(Files().Count > others.Length);

        await Script.RunAsync("build/uninstall-provider", [], variables);

        Assert.Equal(others.Order(), Files().Keys.Order());
        Assert.Equal(2, Directory.GetDirectories(plugins).Length);
        await Script.RunAsync("build/uninstall-provider", [], variables); // nothing is left, and that is no error
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("relative/mirror")]
    [InlineData("/one", "/two")]
    public async Task Given_wrong_arguments_when_the_provider_is_installed_then_they_are_refused(
        params string[] arguments
    )
    {
        var (exit, output, errors) = await Script.TryAsync(Installer, arguments, Variables);

        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("takes one argument at most", errors, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    /// <summary>Where Terraform looks in a home without being told (its documentation: implied local mirror directories).</summary>
    private string Mirror => Path.Combine(_home, ".terraform.d", "plugins");

    private Dictionary<string, string> Variables =>
        new()
        {
            ["HOME"] = _home,
            ["PULUMI_HOME"] = "",
            ["SUDO_USER"] = "",
            ["TF_CLI_CONFIG_FILE"] = "",
            ["DBAAS_TERRAFORM_MIRROR"] = "",
            ["CHECKPOINT_DISABLE"] = "1",
            ["TF_IN_AUTOMATION"] = "1",
        };

    private Dictionary<string, DateTime> Files() =>
        Directory
            .EnumerateFiles(_home, "*", SearchOption.AllDirectories)
            .ToDictionary(file => file, File.GetLastWriteTimeUtc);

    private async Task FoundByTerraformAsync()
    {
        Assert.SkipUnless(Script.IsInstalled("terraform"), "Terraform is not installed.");
        var folder = Directory.CreateDirectory(Path.Combine(_home, "work")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "main.tf"),
            TerraformFolder.Header,
            TestContext.Current.CancellationToken
        );
        var initialised = await Script.RunAsync(
            "terraform",
            [$"-chdir={folder}", "init", "-no-color"],
            Variables
        );
        Assert.Contains(
            "Installed dbaas.internal/dbaas/dbaas",
            initialised,
            StringComparison.Ordinal
        );
        var schema = await Script.RunAsync(
            "terraform",
            [$"-chdir={folder}", "providers", "schema", "-json"],
            Variables
        );
        Assert.Contains("dbaas_database_instance", schema, StringComparison.Ordinal);
    }
}
