using System.Diagnostics;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Engines.Tests.Machines;
using Dbaas.Engines.Tests.Members;
using Dbaas.Protocol.Agent;
using MySqlConnector;

namespace Dbaas.Engines.Tests.MySql;

/// <summary>One member from an empty volume through changes, crashes and a reboot, on a real server.</summary>
[Trait("Needs", "engine")]
public sealed class LifeOfAMySqlMemberTests(MachineFixture fixture, ITestOutputHelper output)
{
    private const string Awkward = "x`; DROP DATABASE shop; --";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Given_an_empty_volume_when_started_then_it_serves_over_TLS_13_as_primary_of_its_group()
    {
        var machine = await fixture.MachineAsync(TestEngine.MySql);
        var spec = await fixture.SpecAsync(machine, [], "shop", Awkward);
        Assert.Equal("absent", (await machine.HealthAsync()).Engine);

        var clock = Stopwatch.StartNew();
        var started = await machine.StartAsync(spec);
        Assert.True(started.Succeeded, started.Message + string.Join('\n', started.LogLines));
        var version = await machine.QueryMySqlAsync(
            spec,
            "SELECT variable_value FROM performance_schema.session_status WHERE variable_name = 'Ssl_version'",
            "shop"
        );
        output.WriteLine($"start to first answered query: {clock.Elapsed.TotalMilliseconds:0} ms");
        output.WriteLine(string.Join(", ", started.PhaseMilliseconds));

        Assert.Equal("TLSv1.3", version);
        Assert.Equal(["shop", Awkward], started.CreatedDatabases);
        Assert.Equal("primary", started.Health.Role);
        Assert.True(started.Health.Writable);
        Assert.True(started.Health.Managed);
        Assert.StartsWith("9.7.", started.Health.ActualVersion, StringComparison.Ordinal);
        Assert.Equal(1, started.Health.Generation);
        Assert.Empty(started.Health.PendingRestart);
        output.WriteLine(
            $"mysqld {TestMachine.ResidentKib(machine.MysqldPid())} KiB resident; agent {TestMachine.PrivateKib(machine.AgentPid())} KiB its own"
        );
        await Eventually.BecomesAsync(
            machine.MetricsAsync,
            metrics => metrics.Values.GetValueOrDefault("connections_maximum") == 64,
            Deadline
        );

        // The second time everything is as it should be and nothing restarts.
        var server = machine.MysqldPid();
        var again = await machine.StartAsync(spec);
        Assert.True(again.Succeeded, again.Message);
        Assert.Empty(again.CreatedDatabases);
        Assert.Empty(again.AppliedLive);
        Assert.Equal(server, machine.MysqldPid());

        // What a start writes for nothing lies in memory, and only that: a transaction on a temporary table that needs more finds it on the volume.
        Assert.Equal(
            "../../dev/shm/ibtmp0",
            await machine.QueryMySqlAsync(
                spec,
                "SELECT file_name FROM information_schema.files WHERE tablespace_name = 'innodb_temporary'",
                "shop"
            )
        );
        var onVolume = new FileInfo($"{machine.Data}/mysql/ibtmp1");
        Assert.InRange(onVolume.Length, 1, 1 << 20);
        await using var connection = await machine.ConnectMySqlAsync(spec, "shop");
        await using var grow = new MySqlCommand(
            """
            SET cte_max_recursion_depth = 20000;
            CREATE TEMPORARY TABLE busy (id INT PRIMARY KEY, word VARCHAR(1000));
            INSERT INTO busy WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i, REPEAT('a', 1000) FROM n;
            START TRANSACTION;
            UPDATE busy SET word = REPEAT('b', 1000);
            ROLLBACK;
            SELECT COUNT(*) FROM busy WHERE word = REPEAT('a', 1000);
            """,
            connection
        );
        Assert.Equal(20_000L, await grow.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        onVolume.Refresh();
        Assert.InRange(onVolume.Length, 2 << 20, 256 << 20);
    }

    [Fact]
    public async Task Given_a_running_member_when_changed_then_what_can_be_live_is_and_the_rest_waits_for_a_restart()
    {
        var machine = await fixture.MachineAsync(TestEngine.MySql);
        var spec = await fixture.SpecAsync(machine);
        var started = await machine.StartAsync(spec);
        Assert.True(started.Succeeded, started.Message);

        var next = spec with
        {
            Generation = 2,
            Settings = MachineFixture.Settings(
                TestEngine.MySql,
                new()
                {
                    ["sort_buffer_size"] = "1M",
                    ["time_zone"] = "Europe/Berlin",
                    ["innodb_buffer_pool_size"] = "512M",
                    ["ft_min_word_len"] = "3",
                    // The first is bounded by the second, which comes later.
                    ["innodb_io_capacity"] = "9000",
                    ["innodb_io_capacity_max"] = "18000",
                }
            ),
            Databases = ["later"],
            EndpointTls = fixture.Issue(machine.Address),
            Secrets = spec.Secrets with { AdminPassword = "an'other \\ \"secret" },
        };
        var applied = await machine.ApplyAsync(next);

        Assert.True(applied.Succeeded, applied.Message);
        Assert.Equal(
            [
                "innodb_buffer_pool_size",
                "innodb_io_capacity",
                "innodb_io_capacity_max",
                "sort_buffer_size",
                "time_zone",
            ],
            applied.AppliedLive.Order()
        );
        Assert.Equal(9000UL, await machine.QueryMySqlAsync(next, "SELECT @@innodb_io_capacity"));
        Assert.Equal(["ft_min_word_len"], applied.PendingRestart);
        Assert.Equal(["later"], applied.CreatedDatabases);
        Assert.Equal(0, applied.WriteOutageSeconds);
        Assert.Equal(
            1048576UL,
            await machine.QueryMySqlAsync(next, "SELECT @@sort_buffer_size", "later")
        );
        using var replaced = X509Certificate2.CreateFromPem(next.EndpointTls.CertificatePem);
        Assert.Equal(
            replaced.RawData,
            await machine.ServedMySqlCertificateAsync(SslProtocols.Tls13)
        );
        await Assert.ThrowsAsync<MySqlException>(() => machine.ConnectMySqlAsync(spec));

        var stale = await machine.ApplyAsync(spec);
        Assert.Equal("agent.stale_generation", stale.Code);

        var restarted = await machine.RestartAsync();
        Assert.True(restarted.Succeeded, restarted.Message);
        output.WriteLine(
            $"restart: writes refused for {restarted.WriteOutageSeconds:0.000} s; {string.Join(", ", restarted.PhaseMilliseconds)}"
        );
        Assert.InRange(restarted.WriteOutageSeconds, 0.001, 60);
        Assert.Empty(restarted.Health.PendingRestart);
        Assert.Equal(3UL, await machine.QueryMySqlAsync(next, "SELECT @@ft_min_word_len"));
        Assert.Equal("Europe/Berlin", await machine.QueryMySqlAsync(next, "SELECT @@time_zone"));

        var refused = await machine.ApplyAsync(
            next with
            {
                Generation = 3,
                Settings = MachineFixture.Settings(
                    TestEngine.MySql,
                    new() { ["sort_buffer_size"] = "2M", ["time_zone"] = "Nowhere/Land" }
                ),
            }
        );
        Assert.Equal("engine.setting_refused", refused.Code);
        Assert.Contains("time_zone", refused.Message, StringComparison.Ordinal);
        Assert.Equal(
            1048576UL,
            await machine.QueryMySqlAsync(next, "SELECT @@GLOBAL.sort_buffer_size")
        );

        var renewed = next with { Generation = 4, EndpointTls = fixture.Issue(machine.Address) };
        machine.WriteUnread(renewed.EndpointTls);
        var told = await machine.ApplyAsync(renewed);
        Assert.True(told.Succeeded, told.Message);
        using var served = X509Certificate2.CreateFromPem(renewed.EndpointTls.CertificatePem);
        Assert.Equal(served.RawData, await machine.ServedMySqlCertificateAsync(SslProtocols.Tls13));
        Assert.False(File.Exists(machine.Unread));
    }

    [Fact]
    public async Task Given_a_running_member_when_its_processes_are_killed_then_it_comes_back_and_keeps_what_it_acknowledged()
    {
        var machine = await fixture.MachineAsync(TestEngine.MySql);
        var spec = await fixture.SpecAsync(machine, [], "shop");
        var started = await machine.StartAsync(spec);
        Assert.True(started.Succeeded, started.Message);
        await machine.QueryMySqlAsync(
            spec,
            "CREATE TABLE t (n INT PRIMARY KEY); INSERT INTO t VALUES (1)",
            "shop"
        );

        var clock = Stopwatch.StartNew();
        await TestMachine.KillAsync(machine.MysqldPid());
        await Eventually.BecomesAsync(
            () => machine.QueryMySqlAsync(spec, "INSERT INTO t VALUES (2); SELECT 2", "shop"),
            _ => true,
            Deadline
        );
        output.WriteLine($"mysqld killed: next write after {clock.Elapsed.TotalMilliseconds:0} ms");
        Assert.Equal(2L, await machine.QueryMySqlAsync(spec, "SELECT COUNT(*) FROM t", "shop"));
        await KnownCrash.OutlivesAChangeAsync(machine, spec);

        // A session held across the agent's death shows that the server did not notice.
        var server = machine.MysqldPid();
        var agent = machine.AgentPid();
        await using (var held = await machine.ConnectMySqlAsync(spec, "shop"))
        {
            await TestMachine.KillAsync(agent);
            var health = await Eventually.BecomesAsync(
                machine.HealthAsync,
                h => h.Engine == "running" && h.Managed,
                Deadline
            );
            Assert.Equal(1, health.Generation);
            Assert.NotEqual(agent, machine.AgentPid());
            await using var command = new MySqlCommand("INSERT INTO t VALUES (3)", held);
            Assert.Equal(
                1,
                await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)
            );
        }

        Assert.Equal(server, machine.MysqldPid());
        var applied = await machine.ApplyAsync(spec with { Generation = 2 });
        Assert.True(applied.Succeeded, applied.Message);
        Assert.Empty(applied.AppliedLive);

        // Adopted, so no child of this agent: its death must be noticed all the same.
        await TestMachine.KillAsync(machine.MysqldPid());
        await Eventually.BecomesAsync(
            () => machine.QueryMySqlAsync(spec, "SELECT COUNT(*) FROM t", "shop"),
            n => n is 3L,
            Deadline
        );

        await Eventually.BecomesAsync(
            machine.HealthAsync,
            h => h.Engine == "running" && h.Writable,
            Deadline
        );

        // One that runs although the agent's own has ended, as after a start that took longer than it waits: it is taken, not ended.
        agent = machine.AgentPid();
        await TestMachine.SignalAsync(agent, "STOP");
        var other = await machine.ReplaceMysqldAsync();
        await TestMachine.SignalAsync(agent, "CONT");
        await Eventually.BecomesAsync(
            () => machine.QueryMySqlAsync(spec, "INSERT INTO t VALUES (4); SELECT 4", "shop"),
            _ => true,
            Deadline
        );
        Assert.Equal(other, machine.MysqldPid());

        // In the middle of a change, which may be repeated then.
        var next = spec with
        {
            Generation = 3,
            Databases = [.. Enumerable.Range(1, 60).Select(n => $"later_{n}")],
        };
        var applying = machine.ApplyAsync(next);
        await Eventually.BecomesAsync(
            () => Task.FromResult(Directory.Exists($"{machine.Data}/mysql/later_1")),
            begun => begun,
            Deadline
        );
        await TestMachine.KillAsync(machine.MysqldPid());
        var cut = await applying;
        Assert.Equal((false, AgentFailures.Interrupted), (cut.Succeeded, cut.Code));
        await Eventually.BecomesAsync(
            () => machine.ApplyAsync(next),
            again => again.Succeeded,
            Deadline
        );
    }

    [Fact]
    public async Task Given_a_machine_that_dies_when_it_starts_again_then_the_engine_waits_for_its_host_and_has_lost_nothing()
    {
        var machine = await fixture.MachineAsync(TestEngine.MySql);
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        await machine.QueryMySqlAsync(
            spec,
            "CREATE TABLE t (n INT PRIMARY KEY) AS WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 1000) SELECT n FROM s",
            "shop"
        );

        machine = await fixture.RebootAsync(machine);
        Assert.Equal("stopped", (await machine.HealthAsync()).Engine);
        var restarted = await machine.StartAsync(spec);
        Assert.True(restarted.Succeeded, restarted.Message);
        Assert.Equal(1000L, await machine.QueryMySqlAsync(spec, "SELECT COUNT(*) FROM t", "shop"));

        var stopStart = Stopwatch.StartNew();
        var stopped = await machine.StopAsync();
        Assert.True(stopped.Succeeded, stopped.Message);
        Assert.Equal("stopped", stopped.Health.Engine);
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        output.WriteLine($"stop and start: {stopStart.Elapsed.TotalMilliseconds:0} ms");
        await machine.PowerOffAsync();
        Assert.False(File.Exists($"{machine.Folder}/run/mysql/mysqld.pid"));
    }

    [Fact]
    public async Task Given_settings_the_server_cannot_start_with_when_restarted_then_the_old_ones_are_back_and_the_reason_is_told()
    {
        var machine = await fixture.MachineAsync(TestEngine.MySql);
        var spec = await fixture.SpecAsync(machine);
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        var settings = new Dictionary<string, string>(spec.Settings) { ["no_such_setting"] = "1" };
        var wrong = await machine.ApplyAsync(spec with { Generation = 2, Settings = settings });
        Assert.Equal(["no_such_setting"], wrong.PendingRestart);

        var restarted = await machine.RestartAsync();

        Assert.False(restarted.Succeeded);
        Assert.Equal("engine.settings_rolled_back", restarted.Code);
        Assert.Contains("does not know", restarted.Message, StringComparison.Ordinal);
        Assert.NotEmpty(restarted.LogLines);
        Assert.Equal(0L, await machine.QueryMySqlAsync(spec, "SELECT @@super_read_only"));
    }

    [Fact]
    public async Task Given_two_copies_of_one_template_when_started_then_their_identities_differ()
    {
        var first = await fixture.MachineAsync(TestEngine.MySql);
        var second = await fixture.MachineAsync(TestEngine.MySql);
        var one = await fixture.SpecAsync(first);
        var two = await fixture.SpecAsync(second) with { MemberId = "mem-2" };
        Assert.True((await first.StartAsync(one)).Succeeded);
        Assert.True((await second.StartAsync(two)).Succeeded);

        foreach (var sql in (string[])["SELECT @@server_uuid", "SELECT @@server_id"])
        {
            Assert.NotEqual(
                await first.QueryMySqlAsync(one, sql),
                await second.QueryMySqlAsync(two, sql)
            );
        }
    }
}
