using Dbaas.Engines.Tests.Machines;

namespace Dbaas.Engines.Tests.PostgreSql;

/// <summary>A member moves to another image of its major, as it does to a newer minor, and back.</summary>
[Trait("Needs", "engine")]
public sealed class AnotherImageTests(MachineFixture fixture)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Given_a_member_with_rows_when_its_machine_gets_another_image_and_the_old_one_back_then_no_row_is_missing()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        await machine.QueryAsync(
            spec,
            "CREATE TABLE t AS SELECT generate_series(1, 1000) n",
            "shop"
        );
        var before = machine.Engine.Image;
        var other = await MachineFixture.CopyAsync(before);

        var rows = 1000L;
        foreach (var image in (string[])[other, before])
        {
            Assert.True((await machine.StopAsync()).Succeeded);
            machine = await fixture.RebootAsync(machine, image);
            var started = await machine.StartAsync(spec);
            Assert.True(started.Succeeded, started.Message);
            Assert.Equal(rows, await machine.QueryAsync(spec, "SELECT count(*) FROM t", "shop"));
            await machine.QueryAsync(spec, "INSERT INTO t VALUES (0)", "shop");
            rows++;
            await Eventually.BecomesAsync(machine.HealthAsync, h => h.Managed, s_deadline);
        }
    }
}
