using System.Diagnostics;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Engines.Tests.Machines;
using Dbaas.Protocol.Agent;
using Npgsql;

namespace Dbaas.Engines.Tests.PostgreSql;

/// <summary>What a member does and says when something inside its machine is killed or broken.</summary>
[Trait("Needs", "engine")]
public sealed class FaultsOfAMemberTests(MachineFixture fixture, ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(200)]
    [InlineData(450)]
    [InlineData(800)]
    public async Task Given_an_agent_killed_in_the_first_start_when_asked_again_then_the_engine_serves(
        int killedAfterMilliseconds
    )
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine, [], "one", "two");
        var agent = machine.AgentPid();
        var first = machine.StartAsync(spec);
        // Not a wait for something to happen: the moment of the kill is what this test varies.
        await Task.Delay(killedAfterMilliseconds, TestContext.Current.CancellationToken);
        await TestMachine.KillAsync(agent);
        var answer = await Record.ExceptionAsync(() => first);
        output.WriteLine($"the first request: {answer?.GetType().Name ?? "answered"}");

        var clock = Stopwatch.StartNew();
        var again = await Eventually.BecomesAsync(
            () => machine.StartAsync(spec),
            _ => true,
            Deadline
        );
        output.WriteLine(
            $"killed after {killedAfterMilliseconds} ms: answered {clock.Elapsed.TotalMilliseconds:0} ms later"
        );

        Assert.True(again.Succeeded, again.Message + string.Join('\n', again.LogLines));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        Assert.Equal("primary", again.Health.Role);
        Assert.Equal(1, await machine.QueryAsync(spec, "SELECT 1", "one"));
        Assert.Equal(1, await machine.QueryAsync(spec, "SELECT 1", "two"));
    }

    [Fact]
    public async Task Given_a_backend_that_the_kernel_kills_when_asked_for_health_then_it_tells_the_reason_and_what_to_do()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        Assert.Equal("", (await machine.HealthAsync()).Failure);
        await using var held = await machine.ConnectAsync(spec, "shop");

        // The kernel's own means when memory runs out.
        await TestMachine.KillAsync(machine.BackendPid("shop"));

        var health = await Eventually.BecomesAsync(
            machine.HealthAsync,
            h => h.Failure.Length > 0 && h.Writable,
            Deadline
        );
        Assert.Equal("running", health.Engine);
        Assert.Contains("work_mem", health.Failure, StringComparison.Ordinal);
        Assert.Contains("memoryGib", health.Failure, StringComparison.Ordinal);
        Assert.Equal(1, await machine.QueryAsync(spec, "SELECT 1", "shop"));
    }

    [Fact]
    public async Task Given_a_crash_that_ends_all_sessions_when_a_change_comes_right_after_then_the_agents_own_do_not_fail_it()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        // Until it leads, Patroni starts a server that it meets in its recovery once more, as a standby first.
        await Eventually.BecomesAsync(machine.HealthAsync, health => health.Managed, Deadline);
        for (var time = 1; time <= 3; time++)
        {
            await using (var held = await machine.ConnectAsync(spec, "shop"))
            {
                await TestMachine.KillAsync(machine.BackendPid("shop"));
            }
            await Eventually.BecomesAsync(AnswersAsync, answers => answers, Deadline);

            spec = spec with { Generation = spec.Generation + 1, Databases = [$"later_{time}"] };
            var applied = await machine.ApplyAsync(spec);

            Assert.True(applied.Succeeded, applied.Message);
            Assert.Equal([$"later_{time}"], applied.CreatedDatabases);
        }

        async Task<bool> AnswersAsync()
        {
            try
            {
                return Equals(await machine.QueryAsync(spec, "SELECT 1", "shop"), 1);
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Given_a_server_that_crashes_in_the_middle_of_a_change_then_the_agent_says_that_it_may_be_repeated()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        await Eventually.BecomesAsync(machine.HealthAsync, health => health.Managed, Deadline);
        var next = spec with
        {
            Generation = spec.Generation + 1,
            Secrets = spec.Secrets with { AdminPassword = "another-password" },
        };
        await using var watching = await machine.ConnectAsync(spec);
        await using var held = await machine.ConnectAsync(spec, "shop");
        // The user's own change of the password makes the agent's wait.
        await using var change = new NpgsqlCommand(
            $"BEGIN; ALTER ROLE {spec.Secrets.AdminUser} PASSWORD 'his-own'",
            held
        );
        await change.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var applying = machine.ApplyAsync(next);
        await using var waits = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'dbaas-agent' AND wait_event_type = 'Lock'",
            watching
        );
        await Eventually.BecomesAsync(
            () => waits.ExecuteScalarAsync(TestContext.Current.CancellationToken),
            count => count is > 0L,
            Deadline
        );

        await TestMachine.KillAsync(machine.BackendPid("shop"));

        var applied = await applying;
        Assert.False(applied.Succeeded);
        Assert.Equal(AgentFailures.Interrupted, applied.Code);
        await Eventually.BecomesAsync(
            () => machine.ApplyAsync(next),
            again => again.Succeeded,
            Deadline
        );
        Assert.Equal(1, await machine.QueryAsync(next, "SELECT 1", "shop"));
    }

    [Fact]
    public async Task Given_a_configuration_that_is_half_written_when_the_server_reads_it_then_it_speaks_TLS_13_all_the_same()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        await Eventually.BecomesAsync(machine.HealthAsync, health => health.Managed, Deadline);
        using var issued = X509Certificate2.CreateFromPem(spec.EndpointTls.CertificatePem);
        // Open before, because the server must not be asked through what is in doubt.
        await using var held = await machine.ConnectAsync(spec, "shop");
        await using var load = new NpgsqlCommand("SELECT pg_conf_load_time()", held);
        var loaded = await LoadedAsync();

        // Patroni empties the file before it writes it; a reload of the agent's may come in between.
        await File.WriteAllTextAsync(
            $"{machine.Data}/pgdata/postgresql.conf",
            "",
            TestContext.Current.CancellationToken
        );
        await TestMachine.SignalAsync(machine.PostmasterPid(), "HUP");
        await Eventually.BecomesAsync(LoadedAsync, at => at != loaded, Deadline);

        Assert.Equal(issued.RawData, await machine.ServedCertificateAsync(SslProtocols.Tls13));
        await Assert.ThrowsAnyAsync<Exception>(() =>
            machine.ServedCertificateAsync(SslProtocols.Tls12)
        );
        Assert.Equal("on", await machine.QueryAsync(spec, "SHOW ssl", "shop"));

        async Task<DateTime> LoadedAsync() =>
            (DateTime)(await load.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    [Fact]
    public async Task Given_a_query_that_takes_all_memory_when_the_kernel_steps_in_then_the_query_dies_and_not_the_server()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        await machine.QueryAsync(spec, "CREATE TABLE t AS SELECT 1 AS n", "shop");
        Assert.Equal("", (await machine.HealthAsync()).Failure);
        var (postmaster, agent) = (machine.PostmasterPid(), machine.AgentPid());
        using var limit = new TestCgroup(machine, memoryBytes: 512L << 20);

        // Sorted in memory, as the session asks for it: far more than the machine has.
        await Assert.ThrowsAnyAsync<NpgsqlException>(() =>
            machine.QueryAsync(
                spec,
                "SET work_mem = '2GB'; SELECT count(DISTINCT md5(i::text)) FROM generate_series(1, 30000000) i",
                "shop"
            )
        );

        var health = await Eventually.BecomesAsync(
            machine.HealthAsync,
            h => h.Failure.Length > 0 && h.Writable,
            Deadline
        );
        Assert.True(limit.Kills > 0, "The kernel killed nothing.");
        Assert.Contains("memoryGib", health.Failure, StringComparison.Ordinal);
        Assert.Equal((postmaster, agent), (machine.PostmasterPid(), machine.AgentPid()));
        Assert.Equal(1, await machine.QueryAsync(spec, "SELECT n FROM t", "shop"));
        output.WriteLine($"kills: {limit.Kills}; {health.Failure}");
    }

    [Fact]
    public async Task Given_a_server_that_cannot_start_after_a_crash_when_the_cause_is_gone_then_it_comes_back_by_itself()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        await Eventually.BecomesAsync(machine.HealthAsync, health => health.Managed, Deadline);

        // Without its key neither the agent nor Patroni can start the server.
        var key = $"{machine.Data}/conf/tls/endpoint.key";
        File.Move(key, key + ".away");
        await TestMachine.KillAsync(machine.PostmasterPid());
        var failed = await Eventually.BecomesAsync(
            machine.HealthAsync,
            health => health.Engine == "failed",
            Deadline
        );
        Assert.Contains("private key", failed.Failure, StringComparison.Ordinal);
        Assert.False(failed.Writable);
        output.WriteLine(failed.Failure);

        File.Move(key + ".away", key);
        var back = await Eventually.BecomesAsync(
            machine.HealthAsync,
            health => health.Engine == "running" && health.Writable,
            Deadline
        );
        Assert.Equal("primary", back.Role);
        Assert.Equal(1, await machine.QueryAsync(spec, "SELECT 1", "shop"));
    }
}
