using System.Diagnostics;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Engines.Tests.Machines;
using Dbaas.Engines.Tests.Members;
using Npgsql;

namespace Dbaas.Engines.Tests.PostgreSql;

/// <summary>One member from an empty volume through changes, crashes and a reboot, on a real server.</summary>
[Trait("Needs", "engine")]
public sealed class LifeOfAMemberTests(MachineFixture fixture, ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Given_an_empty_volume_when_started_then_it_serves_over_TLS_13_and_Patroni_adopts_it()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine, [], "shop", "x\"; DROP DATABASE shop;--");
        Assert.Equal("absent", (await machine.HealthAsync()).Engine);

        var clock = Stopwatch.StartNew();
        var started = await machine.StartAsync(spec);
        Assert.True(started.Succeeded, started.Message + string.Join('\n', started.LogLines));
        var version = await machine.QueryAsync(
            spec,
            "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
            "shop"
        );
        output.WriteLine($"start to first answered query: {clock.Elapsed.TotalMilliseconds:0} ms");
        output.WriteLine(string.Join(", ", started.PhaseMilliseconds));

        Assert.Equal("TLSv1.3", version);
        Assert.Equal(["shop", "x\"; DROP DATABASE shop;--"], started.CreatedDatabases);
        Assert.Equal("primary", started.Health.Role);
        Assert.True(started.Health.Writable);
        Assert.Equal(1, started.Health.Generation);
        Assert.Equal(
            "dbaas_admin",
            await machine.QueryAsync(
                spec,
                "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'shop'"
            )
        );

        await Eventually.BecomesAsync(machine.HealthAsync, health => health.Managed, Deadline);
        output.WriteLine($"start to Patroni's leader lock: {clock.Elapsed.TotalMilliseconds:0} ms");
        output.WriteLine(
            $"agent {TestMachine.ResidentKib(machine.AgentPid())} KiB resident, {TestMachine.PrivateKib(machine.AgentPid())} KiB its own; "
                + $"reaper {TestMachine.ResidentKib(machine.ReaperPid())} KiB resident, {TestMachine.PrivateKib(machine.ReaperPid())} KiB its own"
        );
        Assert.Equal(51, (await machine.MetricsAsync()).Values["connections_maximum"]);

        // The second time everything is as it should be and nothing restarts.
        var postmaster = machine.PostmasterPid();
        var again = await machine.StartAsync(spec);
        Assert.True(again.Succeeded, again.Message);
        Assert.Empty(again.CreatedDatabases);
        Assert.Equal(postmaster, machine.PostmasterPid());
    }

    [Fact]
    public async Task Given_a_running_member_when_changed_then_what_can_be_live_is_and_the_rest_waits_for_a_restart()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine);
        var started = await machine.StartAsync(spec);
        Assert.True(started.Succeeded, started.Message);
        await Eventually.BecomesAsync(machine.HealthAsync, health => health.Managed, Deadline);

        var next = spec with
        {
            Generation = 2,
            Settings = new Dictionary<string, string>(
                MachineFixture.Settings(
                    new()
                    {
                        ["work_mem"] = "7MB",
                        ["max_connections"] = "60",
                        ["shared_buffers"] = "64MB",
                    }
                )
            )
            {
                // As another version of the platform might: one on the command line, one in the file. Both wait, silently.
                ["max_wal_senders"] = "12",
                ["io_method"] = "sync",
            },
            Databases = ["later"],
            EndpointTls = fixture.Issue(machine.Address),
            Secrets = spec.Secrets with { AdminPassword = "an'other \\ secret" },
        };
        var applied = await machine.ApplyAsync(next);

        Assert.True(applied.Succeeded, applied.Message);
        Assert.Contains("work_mem", applied.AppliedLive);
        Assert.Equal(["max_connections", "shared_buffers"], applied.PendingRestart.Order());
        Assert.Equal(["later"], applied.CreatedDatabases);
        Assert.Equal(0, applied.WriteOutageSeconds);
        Assert.Equal("7MB", await machine.QueryAsync(next, "SHOW work_mem", "later"));
        using var replaced = X509Certificate2.CreateFromPem(next.EndpointTls.CertificatePem);
        Assert.Equal(replaced.RawData, await machine.ServedCertificateAsync(SslProtocols.Tls13));
        await Assert.ThrowsAsync<PostgresException>(() => machine.ConnectAsync(spec));

        var stale = await machine.ApplyAsync(spec);
        Assert.Equal("agent.stale_generation", stale.Code);

        var restarted = await machine.RestartAsync();
        Assert.True(restarted.Succeeded, restarted.Message);
        output.WriteLine($"restart: writes refused for {restarted.WriteOutageSeconds:0.000} s");
        Assert.InRange(restarted.WriteOutageSeconds, 0.001, 30);
        Assert.Empty(restarted.Health.PendingRestart);
        Assert.Equal("60", await machine.QueryAsync(next, "SHOW max_connections"));
        Assert.Equal("12", await machine.QueryAsync(next, "SHOW max_wal_senders"));
        Assert.Equal("sync", await machine.QueryAsync(next, "SHOW io_method"));
        await Eventually.BecomesAsync(machine.HealthAsync, health => health.Managed, Deadline);

        var refused = await machine.ApplyAsync(
            next with
            {
                Generation = 3,
                Settings = MachineFixture.Settings(new() { ["TimeZone"] = "Nowhere/Land" }),
            }
        );
        Assert.Equal("engine.setting_refused", refused.Code);
        Assert.Contains("TimeZone", refused.Message, StringComparison.Ordinal);
        Assert.Equal("7MB", await machine.QueryAsync(next, "SHOW work_mem"));

        var renewed = next with { Generation = 4, EndpointTls = fixture.Issue(machine.Address) };
        machine.WriteUnread(renewed.EndpointTls);
        var told = await machine.ApplyAsync(renewed);
        Assert.True(told.Succeeded, told.Message);
        using var served = X509Certificate2.CreateFromPem(renewed.EndpointTls.CertificatePem);
        Assert.Equal(served.RawData, await machine.ServedCertificateAsync(SslProtocols.Tls13));
        Assert.False(File.Exists(machine.Unread));
    }

    [Fact]
    public async Task Given_a_running_member_when_its_processes_are_killed_then_it_comes_back_and_keeps_what_it_acknowledged()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine, [], "shop");
        var started = await machine.StartAsync(spec);
        Assert.True(started.Succeeded, started.Message);
        await Eventually.BecomesAsync(machine.HealthAsync, health => health.Managed, Deadline);
        await machine.QueryAsync(spec, "CREATE TABLE t (n int); INSERT INTO t VALUES (1)", "shop");

        var clock = Stopwatch.StartNew();
        await TestMachine.KillAsync(machine.PostmasterPid());
        await Eventually.BecomesAsync(
            () => machine.QueryAsync(spec, "INSERT INTO t VALUES (2) RETURNING n", "shop"),
            _ => true,
            Deadline
        );
        output.WriteLine(
            $"postmaster killed: next write after {clock.Elapsed.TotalMilliseconds:0} ms"
        );
        Assert.Equal(2L, await machine.QueryAsync(spec, "SELECT count(*) FROM t", "shop"));
        await KnownCrash.OutlivesAChangeAsync(machine, spec);

        // A session held across the agent's death shows that the server did not notice.
        var postmaster = machine.PostmasterPid();
        var agent = machine.AgentPid();
        await using (var held = await machine.ConnectAsync(spec, "shop"))
        {
            await TestMachine.KillAsync(agent);
            var health = await Eventually.BecomesAsync(
                machine.HealthAsync,
                h => h.Engine == "running" && h.Managed,
                Deadline
            );
            Assert.Equal(1, health.Generation);
            Assert.NotEqual(agent, machine.AgentPid());
            await using var command = new NpgsqlCommand(
                "INSERT INTO t VALUES (3) RETURNING n",
                held
            );
            Assert.Equal(
                3,
                await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)
            );
        }

        Assert.Equal(postmaster, machine.PostmasterPid());
        var applied = await machine.ApplyAsync(spec with { Generation = 2 });
        Assert.True(applied.Succeeded, applied.Message);

        var patroni = machine.PatroniPid();
        await TestMachine.KillAsync(patroni);
        await Eventually.BecomesAsync(
            () => Task.FromResult(machine.PatroniPid()),
            pid => pid != patroni,
            Deadline
        );
        await Eventually.BecomesAsync(machine.HealthAsync, h => h.Managed, Deadline);
        Assert.Equal(postmaster, machine.PostmasterPid());

        // Adopted, so no child of this agent: its death must be noticed all the same.
        await TestMachine.KillAsync(machine.PostmasterPid());
        await Eventually.BecomesAsync(
            () => machine.QueryAsync(spec, "SELECT count(*) FROM t", "shop"),
            n => n is 3L,
            Deadline
        );
    }

    [Fact]
    public async Task Given_a_machine_that_dies_when_it_starts_again_then_the_engine_waits_for_its_host_and_has_lost_nothing()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        await machine.QueryAsync(
            spec,
            "CREATE TABLE t AS SELECT generate_series(1, 1000) n",
            "shop"
        );

        machine = await fixture.RebootAsync(machine);
        Assert.Equal("stopped", (await machine.HealthAsync()).Engine);
        var restarted = await machine.StartAsync(spec);
        Assert.True(restarted.Succeeded, restarted.Message);
        Assert.Equal(1000L, await machine.QueryAsync(spec, "SELECT count(*) FROM t", "shop"));

        var stopStart = Stopwatch.StartNew();
        var stopped = await machine.StopAsync();
        Assert.True(stopped.Succeeded, stopped.Message);
        Assert.Equal("stopped", stopped.Health.Engine);
        Assert.False(File.Exists($"{machine.Data}/pgdata/postmaster.pid"));
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        output.WriteLine($"stop and start: {stopStart.Elapsed.TotalMilliseconds:0} ms");
        await machine.PowerOffAsync();
        Assert.False(File.Exists($"{machine.Data}/pgdata/postmaster.pid"));
    }

    [Fact]
    public async Task Given_settings_the_server_cannot_start_with_when_restarted_then_the_old_ones_are_back_and_the_reason_is_told()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine);
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        var settings = new Dictionary<string, string>(spec.Settings)
        {
            ["shared_buffers"] = "1000000000",
        };
        var wrong = await machine.ApplyAsync(spec with { Generation = 2, Settings = settings });
        Assert.Equal(["shared_buffers"], wrong.PendingRestart);

        var restarted = await machine.RestartAsync();

        Assert.False(restarted.Succeeded);
        Assert.Equal("engine.settings_rolled_back", restarted.Code);
        Assert.Contains("memory", restarted.Message, StringComparison.Ordinal);
        Assert.NotEmpty(restarted.LogLines);
        Assert.Equal("128MB", await machine.QueryAsync(spec, "SHOW shared_buffers"));
    }

    [Fact]
    public async Task Given_two_copies_of_one_template_when_started_then_their_system_identifiers_differ()
    {
        var first = await fixture.MachineAsync();
        var second = await fixture.MachineAsync();
        var one = await fixture.SpecAsync(first);
        var two = await fixture.SpecAsync(second);
        Assert.True((await first.StartAsync(one)).Succeeded);
        Assert.True((await second.StartAsync(two)).Succeeded);

        const string Sql = "SELECT system_identifier FROM pg_control_system()";
        var identifier = await first.QueryAsync(one, Sql);
        Assert.NotEqual(identifier, await second.QueryAsync(two, Sql));
        Assert.Equal(
            Convert.ToUInt64(identifier, System.Globalization.CultureInfo.InvariantCulture),
            Dbaas.Engines.PostgreSql.Member.ClusterIdentity.Read($"{first.Data}/pgdata")
        );
    }
}
