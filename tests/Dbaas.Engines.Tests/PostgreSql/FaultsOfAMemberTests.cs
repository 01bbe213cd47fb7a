using System.Diagnostics;
using Dbaas.Engines.Tests.Machines;

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
    public async Task Given_a_server_that_cannot_start_after_a_crash_when_the_cause_is_gone_then_it_comes_back_by_itself()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        await Eventually.BecomesAsync(machine.HealthAsync, health => health.Managed, Deadline);

        // Without its settings neither the agent nor Patroni can start the server.
        var settings = $"{machine.Data}/conf/dbaas.conf";
        File.Move(settings, settings + ".away");
        await TestMachine.KillAsync(machine.PostmasterPid());
        var failed = await Eventually.BecomesAsync(
            machine.HealthAsync,
            health => health.Engine == "failed",
            Deadline
        );
        Assert.Contains("configuration", failed.Failure, StringComparison.Ordinal);
        Assert.False(failed.Writable);
        output.WriteLine(failed.Failure);

        File.Move(settings + ".away", settings);
        var back = await Eventually.BecomesAsync(
            machine.HealthAsync,
            health => health.Engine == "running" && health.Writable,
            Deadline
        );
        Assert.Equal("primary", back.Role);
        Assert.Equal(1, await machine.QueryAsync(spec, "SELECT 1", "shop"));
    }
}
