namespace Dbaas.Cli.Tests.Kms;

/// <summary>`dbaas kms …` on the machine of the installation.</summary>
public sealed class KmsCommandTests(LocalInstallation installation)
    : IClassFixture<LocalInstallation>
{
    [Fact]
    public async Task Given_an_installation_when_kms_env_is_asked_for_then_the_aws_clis_variables_are_exported()
    {
        var run = await CliRun.StartAsync(installation.Environment, ["kms", "env"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(
            "export AWS_ENDPOINT_URL_KMS='https://127.0.0.1:",
            run.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("export AWS_ACCESS_KEY_ID='AKIA", run.Output, StringComparison.Ordinal);
        Assert.Contains("export AWS_SECRET_ACCESS_KEY='", run.Output, StringComparison.Ordinal);
        Assert.Contains("export AWS_REGION='test-a'", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"export AWS_CA_BUNDLE='{installation.Root}/pki/internal-ca.crt'",
            run.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Given_a_running_key_service_when_its_master_key_is_rotated_then_it_is_another()
    {
        var path = Path.Combine(installation.Data, "master.key");
        var before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

        var run = await CliRun.StartAsync(
            installation.Environment,
            ["kms", "rotate-master-key", "--region", "test-a"]
        );

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("new master key", run.Output, StringComparison.Ordinal);
        Assert.NotEqual(
            before,
            await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task Given_a_region_that_is_not_here_when_it_is_named_then_those_that_are_here_are_told()
    {
        var run = await CliRun.StartAsync(
            installation.Environment,
            ["kms", "env", "--region", "elsewhere"]
        );

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("test-a", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Given_no_installation_when_kms_env_is_asked_for_then_it_says_where_it_looked()
    {
        var run = await CliRun.StartAsync(
            new Dictionary<string, string> { ["DBAAS_ROOT"] = "/nonexistent" },
            ["kms", "env"]
        );

        Assert.Equal(7, run.ExitCode);
        Assert.Contains("/nonexistent", run.Error, StringComparison.Ordinal);
    }
}
