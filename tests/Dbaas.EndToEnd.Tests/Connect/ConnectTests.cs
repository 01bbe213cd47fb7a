using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Connect;

/// <summary><c>dbaas connect</c> with the engines' own clients: the answer of a piped query, over TLS, and nobody sees the password.</summary>
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class ConnectTests(SharedPlatform shared)
{
    // The last statement keeps the client alive while the table of processes is searched.
    private const string PostgreSql =
        "select version from pg_stat_ssl where pid = pg_backend_pid();\nselect 6 * 7;\nselect pg_sleep(4);\n";

    private const string MySql =
        "select variable_value from performance_schema.session_status where variable_name = 'Ssl_version';\nselect 6 * 7;\nselect sleep(4);\n";

    [Theory]
    [InlineData("postgresql", PostgreSql)]
    [InlineData("mysql", MySql)]
    public async Task Given_a_database_when_a_query_is_piped_into_connect_then_it_is_answered_over_tls_and_no_process_shows_the_password(
        string engine,
        string queries
    )
    {
        var platform = await shared.RunningAsync();
        var name = $"e2e-connect-{engine}";
        using var terraform = new TerraformWorkspace(platform);
        terraform.Write(
            (
                EngineUnderTest.Of(engine).Declare(name) with
                {
                    DeletionProtection = false,
                }
            ).ToString()
        );
        await terraform.InitAsync();
        await terraform.ApplyAsync();
        var password = (await Credentials.FetchAsync(platform, name)).Password;

        using var connect = Command.Start(
            Path.Combine(Repository.Published, "cli", "dbaas"),
            ["connect", name],
            platform.Environment,
            input: queries
        );
        await Eventually.HoldsAsync(
            () => Task.FromResult(Clients(connect).Any()),
            TimeSpan.FromSeconds(30),
            "the engine's client runs"
        );
        var client = Assert.Single(Clients(connect));
        var shown = ProcessTable
            .Where(pid =>
                ProcessTable.CommandLine(pid).Contains(password, StringComparison.Ordinal)
                || ProcessTable.Environment(pid).Contains(password, StringComparison.Ordinal)
            )
            .Select(ProcessTable.Program)
            .ToList();
        Assert.True(ProcessTable.IsAlive(client), "The client had ended before it was looked at.");
        Assert.Empty(shown);

        var answer = (await connect.EndAsync(TimeSpan.FromMinutes(1))).Succeeded();
        Assert.Contains("TLSv1.3", answer.Output, StringComparison.Ordinal);
        Assert.Contains("42", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(password, answer.All, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories("/dev/shm", $"dbaas-connect-{connect.ProcessId}-*"));
        (await terraform.RunAsync("destroy", "-auto-approve", "-no-color")).Succeeded();
    }

    /// <summary>What connect has started.</summary>
    private static IEnumerable<int> Clients(Command connect) =>
        ProcessTable.Where(pid => ProcessTable.Parent(pid) == connect.ProcessId);
}
