using Dbaas.Engines.Tests.Machines;
using Npgsql;

namespace Dbaas.Engines.Tests.PostgreSql;

/// <summary>A volume that fills up: writes are turned away with the reason, nothing loops, and room brings everything back.</summary>
[Trait("Needs", "engine")]
public sealed class FullVolumeTests(MachineFixture fixture)
{
    private const long MiB = 1L << 20;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Given_a_volume_that_runs_full_when_written_to_then_the_reason_is_told_until_there_is_room()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        await machine.QueryAsync(spec, "CREATE TABLE t (n int); INSERT INTO t VALUES (1)", "shop");
        await using var held = await machine.ConnectAsync(spec, "shop");

        machine.Fill(leave: 60 * MiB);
        var full = await Eventually.BecomesAsync(
            machine.HealthAsync,
            health => !health.Writable && health.Failure.Length > 0,
            Deadline
        );
        Assert.Equal("running", full.Engine);
        Assert.Contains("storageGib", full.Failure, StringComparison.Ordinal);
        // The member knows a moment before the server does.
        await Eventually.BecomesAsync(
            () => machine.QueryAsync(spec, "SHOW default_transaction_read_only", "shop"),
            readOnly => readOnly is "on",
            Deadline
        );
        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            machine.QueryAsync(spec, "INSERT INTO t VALUES (2)", "shop")
        );
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refused.SqlState);
        await using (var write = new NpgsqlCommand("INSERT INTO t VALUES (2)", held))
        {
            // Sessions that were there before are told as well.
            await Assert.ThrowsAsync<PostgresException>(() =>
                write.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)
            );
        }

        Assert.Equal(1L, await machine.QueryAsync(spec, "SELECT count(*) FROM t", "shop"));
        // The way out for whoever wants to remove data.
        await machine.QueryAsync(
            spec,
            "BEGIN READ WRITE; DELETE FROM t; INSERT INTO t VALUES (7); COMMIT",
            "shop"
        );

        machine.Empty();
        var back = await Eventually.BecomesAsync(
            machine.HealthAsync,
            health => health.Writable,
            Deadline
        );
        Assert.Equal("", back.Failure);
        await machine.QueryAsync(spec, "INSERT INTO t VALUES (3)", "shop");
        Assert.Equal(2L, await machine.QueryAsync(spec, "SELECT count(*) FROM t", "shop"));
    }

    [Fact]
    public async Task Given_no_room_at_all_when_the_server_crashes_then_it_recovers_and_serves_reads()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        await machine.QueryAsync(
            spec,
            "CREATE TABLE t AS SELECT generate_series(1, 1000) n",
            "shop"
        );
        await Eventually.BecomesAsync(
            () => Task.FromResult(File.Exists(machine.Ballast)),
            there => there,
            Deadline
        );

        machine.Fill(leave: 0);
        await TestMachine.KillAsync(machine.PostmasterPid());

        var health = await Eventually.BecomesAsync(
            machine.HealthAsync,
            h =>
                h.Engine == "running" && h.Failure.Contains("storageGib", StringComparison.Ordinal),
            Deadline
        );
        Assert.False(health.Writable);
        var postmaster = machine.PostmasterPid();
        Assert.Equal(1000L, await machine.QueryAsync(spec, "SELECT count(*) FROM t", "shop"));
        Assert.False(File.Exists(machine.Ballast));
        // A later start that falls back to these may have room.
        Assert.DoesNotContain(
            "default_transaction_read_only",
            File.ReadAllText($"{machine.Data}/agent/settings.proven.json"),
            StringComparison.Ordinal
        );

        machine.Empty();
        await Eventually.BecomesAsync(machine.HealthAsync, h => h.Writable, Deadline);
        await machine.QueryAsync(spec, "INSERT INTO t VALUES (0)", "shop");
        Assert.Equal(postmaster, machine.PostmasterPid()); // no restart was needed
        await Eventually.BecomesAsync(
            () => Task.FromResult(File.Exists(machine.Ballast)),
            there => there,
            Deadline
        );
    }
}
