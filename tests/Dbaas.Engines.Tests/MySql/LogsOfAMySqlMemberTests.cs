using Dbaas.Engines.Tests.Machines;

namespace Dbaas.Engines.Tests.MySql;

/// <summary>What the server writes beside its data, which would fill the volume one day (ADR 0137).</summary>
[Trait("Needs", "engine")]
public sealed class LogsOfAMySqlMemberTests(MachineFixture fixture)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Given_logs_that_take_too_much_of_the_volume_when_it_is_looked_at_then_the_oldest_go_and_what_was_said_last_is_still_told()
    {
        var machine = await fixture.MachineAsync(TestEngine.MySql);
        var spec = await fixture.SpecAsync(machine);
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        Assert.True((await machine.RestartAsync()).Succeeded); // begins two binary logs

        // A length alone does for what nobody reads any more.
        var oldest = Directory
            .GetFiles($"{machine.Data}/mysql", "binlog.0*")
            .Order(StringComparer.Ordinal)
            .First();
        using (var log = new FileStream(oldest, FileMode.Open, FileAccess.Write))
        {
            log.SetLength(300L << 20);
        }

        const string Last = "the last words before";
        var errors = $"{machine.Data}/log/mysql/error.log";
        File.AppendAllLines(errors, [.. Enumerable.Repeat(new string('x', 1023), 33 << 10), Last]);

        await Eventually.BecomesAsync(
            () => Task.FromResult((File.Exists(oldest), File.Exists(errors + ".old"))),
            seen => seen is (false, true),
            s_deadline
        );
        await Eventually.BecomesAsync(
            () => Task.FromResult(File.Exists(errors)), // the server's own, made anew
            there => there,
            s_deadline
        );
        Assert.InRange(new FileInfo(errors).Length, 0, 1 << 20);
        Assert.Contains(Last, (await machine.LogAsync()).Lines);
        Assert.True((await machine.HealthAsync()).Writable);
        Assert.True((await machine.RestartAsync()).Succeeded);
    }
}
