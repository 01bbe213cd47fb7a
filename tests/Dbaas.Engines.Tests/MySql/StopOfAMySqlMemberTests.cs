using Dbaas.Engines.Tests.Machines;
using MySqlConnector;

namespace Dbaas.Engines.Tests.MySql;

/// <summary>A stop while clients write: the group must not be left with a transaction that waits for it, and no row be lost (ADR 0097).</summary>
[Trait("Needs", "engine")]
public sealed class StopOfAMySqlMemberTests(MachineFixture fixture, ITestOutputHelper output)
{
    private const int Writers = 4;

    // Without the care taken it is 57 s; on an idle machine it is 7 s.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData("stop and start")]
    [InlineData("restart")]
    public async Task Given_clients_that_write_and_one_that_hangs_when_it_ends_then_that_is_at_once_and_every_acknowledged_row_is_there(
        string how
    )
    {
        var machine = await fixture.MachineAsync(TestEngine.MySql);
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        await machine.QueryMySqlAsync(
            spec,
            "CREATE TABLE w (n bigint AUTO_INCREMENT PRIMARY KEY, t varchar(400))",
            "shop"
        );
        var hanging = HangAsync();
        var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync)).ToList();
        await Eventually.BecomesAsync(
            () => machine.QueryMySqlAsync(spec, "SELECT count(*) FROM w", "shop"),
            count => count is > 200L,
            Limit
        );

        var restarts = how == "restart";
        var ended = restarts ? await machine.RestartAsync() : await machine.StopAsync();
        Assert.True(ended.Succeeded, ended.Message);
        output.WriteLine(
            $"{how}: no writes for {ended.WriteOutageSeconds:0.0} s; {string.Join(", ", ended.PhaseMilliseconds)}"
        );
        Assert.InRange(ended.WriteOutageSeconds, 0, Limit.TotalSeconds);
        var acknowledged = (await Task.WhenAll(writers)).Sum();
        await hanging;

        var serving = restarts ? ended : await machine.StartAsync(spec);
        Assert.True(serving.Succeeded, serving.Message);
        Assert.True(serving.Health.Writable);
        var there = (long)(await machine.QueryMySqlAsync(spec, "SELECT count(*) FROM w", "shop"))!;
        // Each writer may have had one row under way of which it never heard.
        Assert.InRange(there, acknowledged, acknowledged + Writers);

        async Task<int> WriteAsync()
        {
            var acknowledged = 0;
            try
            {
                await using var connection = await machine.ConnectMySqlAsync(spec, "shop");
                while (true)
                {
                    await using var command = new MySqlCommand(
                        "INSERT INTO w (t) VALUES (repeat('x', 300))",
                        connection
                    );
                    await command.ExecuteNonQueryAsync();
                    acknowledged++;
                }
            }
            catch (MySqlException)
            {
                return acknowledged;
            }
        }

        // A statement that writes and does not end keeps the server from becoming read-only.
        async Task HangAsync()
        {
            await using var connection = await machine.ConnectMySqlAsync(spec, "shop");
            await using var command = new MySqlCommand(
                "INSERT INTO w (t) SELECT sleep(600)",
                connection
            );
            await Assert.ThrowsAnyAsync<MySqlException>(() => command.ExecuteNonQueryAsync());
        }
    }
}
