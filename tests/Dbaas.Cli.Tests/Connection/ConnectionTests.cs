using System.Diagnostics;

namespace Dbaas.Cli.Tests.Connection;

public sealed class ConnectionTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("dbaas-cli-test-").FullName;

    public ConnectionTests() =>
        File.WriteAllText(
            Path.Combine(root, "profile.json"),
            """{"endpoint":"https://127.0.0.1:7443","caFile":"/x/ca.crt","apiKey":"it's a key"}"""
        );

    [Fact]
    public async Task Given_a_profile_when_env_is_evaluated_by_a_shell_then_the_values_arrive_as_they_are()
    {
        var run = await CliRun.StartAsync(
            new Dictionary<string, string> { ["DBAAS_ROOT"] = root },
            ["env"]
        );

        using var shell = Process.Start(
            new ProcessStartInfo("sh")
            {
                ArgumentList =
                {
                    "-c",
                    run.Output
                        + "printf '%s|%s|%s' \"$DBAAS_ENDPOINT\" \"$DBAAS_CA_FILE\" \"$DBAAS_API_KEY\"",
                },
                RedirectStandardOutput = true,
            }
        )!;
        var seen = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal("https://127.0.0.1:7443|/x/ca.crt|it's a key", seen);
    }

    [Fact]
    public async Task Given_another_endpoint_when_no_key_is_set_then_the_profiles_key_is_not_sent_there()
    {
        var environment = new Dictionary<string, string>
        {
            ["DBAAS_ROOT"] = root,
            ["DBAAS_ENDPOINT"] = "https://elsewhere.example",
        };

        var run = await CliRun.StartAsync(environment, ["instance", "list"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(
            "No API key for https://elsewhere.example",
            run.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Given_http_when_it_is_the_endpoint_then_it_is_refused()
    {
        var environment = new Dictionary<string, string>
        {
            ["DBAAS_ROOT"] = root,
            ["DBAAS_ENDPOINT"] = "http://127.0.0.1:7443",
            ["DBAAS_API_KEY"] = "x",
        };

        Assert.Equal(2, (await CliRun.StartAsync(environment, ["instance", "list"])).ExitCode);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _dbaas dbaas")]
    [InlineData("zsh", "#compdef dbaas")]
    [InlineData("fish", "complete -c dbaas")]
    public async Task Given_a_shell_when_its_completion_is_asked_for_then_a_script_comes(
        string shell,
        string expected
    )
    {
        var run = await CliRun.StartAsync(new Dictionary<string, string>(), ["completion", shell]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
