using Dbaas.Engines.Tests.Machines;
using MySqlConnector;

namespace Dbaas.Engines.Tests.MySql;

/// <summary>A volume that fills up while a statement writes to it that would never come to an end.</summary>
[Trait("Needs", "engine")]
public sealed class FullMySqlVolumeTests(MachineFixture fixture)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_a_statement_that_writes_and_does_not_end_when_the_volume_runs_full_then_it_is_cut_off_and_who_reads_is_not()
    {
        var machine = await fixture.MachineAsync(TestEngine.MySql);
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        await machine.QueryMySqlAsync(
            spec,
            "CREATE TABLE w (n bigint AUTO_INCREMENT PRIMARY KEY, t varchar(400))",
            "shop"
        );
        await using var reader = await machine.ConnectMySqlAsync(spec, "shop");
        await using var writer = await machine.ConnectMySqlAsync(spec, "shop");
        await using var endless = new MySqlCommand("INSERT INTO w (t) SELECT sleep(600)", writer)
        {
            CommandTimeout = 0,
        };
        var writing = endless.ExecuteNonQueryAsync(Token);
        await Eventually.BecomesAsync(
            () =>
                machine.QueryMySqlAsync(
                    spec,
                    "SELECT count(*) FROM performance_schema.processlist WHERE state = 'User sleep'"
                ),
            sleeping => sleeping is 1L,
            s_deadline
        );

        machine.Fill(leave: 60L << 20);

        await Eventually.BecomesAsync(
            () => machine.QueryMySqlAsync(spec, "SELECT @@GLOBAL.super_read_only"),
            readOnly => readOnly is 1L,
            s_deadline
        );
        await Assert.ThrowsAnyAsync<MySqlException>(() => writing);
        await using (var read = new MySqlCommand("SELECT count(*) FROM w", reader))
        {
            Assert.Equal(0L, await read.ExecuteScalarAsync(Token));
        }

        var full = await machine.HealthAsync();
        Assert.False(full.Writable);
        Assert.Contains("storageGib", full.Failure, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<MySqlException>(() =>
            machine.QueryMySqlAsync(spec, "INSERT INTO w (t) VALUES ('x')", "shop")
        );
        Assert.Equal(MySqlErrorCode.OptionPreventsStatement, refused.ErrorCode);

        machine.Empty();
        await Eventually.BecomesAsync(machine.HealthAsync, h => h.Writable, s_deadline);
        await machine.QueryMySqlAsync(spec, "INSERT INTO w (t) VALUES ('x')", "shop");
    }
}
