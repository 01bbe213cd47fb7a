using System.Security.Authentication;
using Dbaas.Engines.PostgreSql.Member;
using Dbaas.Engines.Tests.Machines;

namespace Dbaas.Engines.Tests.PostgreSql;

/// <summary>
/// What may differ between majors, on the oldest one there is: control file, settings, Patroni's version, paths. What does not is tested
/// on the newest only (<see cref="LifeOfAMemberTests"/>).
/// </summary>
[Trait("Needs", "engine")]
public sealed class LifeOnAnOlderMajorTests(MachineFixture fixture)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Given_the_older_major_when_a_member_lives_through_changes_a_crash_and_a_reboot_then_it_serves_as_the_newest_does()
    {
        var engine = TestEngine.OlderPostgreSql;
        var machine = await fixture.MachineAsync(engine);
        var spec = await fixture.SpecAsync(machine, [], "shop");

        var started = await machine.StartAsync(spec);
        Assert.True(started.Succeeded, started.Message + string.Join('\n', started.LogLines));
        Assert.StartsWith(
            $"{engine.Version}.",
            started.Health.ActualVersion,
            StringComparison.Ordinal
        );
        Assert.Equal(["shop"], started.CreatedDatabases);
        Assert.NotEmpty(await machine.ServedCertificateAsync(SslProtocols.Tls13));
        // As on the newest: no collation of the C library's, whose order changes with the image, and checksums on every page.
        Assert.Equal(
            "b C.UTF-8 on",
            await machine.QueryAsync(
                spec,
                "SELECT concat_ws(' ', datlocprovider, datlocale, current_setting('data_checksums')) FROM pg_database WHERE datname = 'shop'"
            )
        );
        Assert.Equal(
            Convert.ToUInt64(
                await machine.QueryAsync(spec, "SELECT system_identifier FROM pg_control_system()"),
                System.Globalization.CultureInfo.InvariantCulture
            ),
            ClusterIdentity.Read($"{machine.Data}/pgdata")
        );
        await Eventually.BecomesAsync(machine.HealthAsync, health => health.Managed, Deadline);

        var next = spec with
        {
            Generation = 2,
            Settings = MachineFixture.Settings(
                engine,
                new() { ["work_mem"] = "7MB", ["max_connections"] = "60" }
            ),
        };
        var applied = await machine.ApplyAsync(next);
        Assert.True(applied.Succeeded, applied.Message);
        Assert.Equal(["max_connections"], applied.PendingRestart);
        Assert.True((await machine.RestartAsync()).Succeeded);
        Assert.Equal("60", await machine.QueryAsync(next, "SHOW max_connections"));

        await machine.QueryAsync(next, "CREATE TABLE t AS SELECT 1 AS n", "shop");
        await TestMachine.KillAsync(machine.PostmasterPid());
        await Eventually.BecomesAsync(
            () => machine.QueryAsync(next, "INSERT INTO t VALUES (2) RETURNING n", "shop"),
            _ => true,
            Deadline
        );

        machine = await fixture.RebootAsync(machine);
        Assert.True((await machine.StartAsync(next)).Succeeded);
        Assert.Equal(2L, await machine.QueryAsync(next, "SELECT count(*) FROM t", "shop"));
        await Eventually.BecomesAsync(machine.HealthAsync, health => health.Managed, Deadline);
        Assert.True((await machine.StopAsync()).Succeeded);
    }
}
