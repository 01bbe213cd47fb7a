using Dbaas.Control.Audit;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Metadata;
using Dbaas.Control.Tests.Support;
using Dbaas.Protocol.Agent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>What befell an engine becomes one event, whatever was changed, asked or restarted before somebody looked.</summary>
public sealed class HappeningTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(s_now);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static AgentHappening Restart { get; } =
        new(AgentFailures.Restarted, "The server ended.", s_now.AddSeconds(-9));

    [Fact]
    public async Task Given_a_change_right_after_a_crash_when_the_agent_is_looked_at_then_the_crash_is_told_once_and_the_status_is_clean()
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        var covered = Healthy(Restart);

        // A service that was restarted has only the events to know what it told.
        for (var life = 0; life < 2; life++)
        {
            var conditions = Conditions();
            await conditions.TellAsync(await RowAsync(id), covered, kills: 0, Token);
            await conditions.TellAsync(await RowAsync(id), covered, kills: 0, Token);
        }

        Assert.Equal(1, await EventsAsync(Condition.EngineRestarted, id));
        Assert.Null(await stepped.ReasonAsync(id));
    }

    [Fact]
    public async Task Given_two_crashes_between_two_looks_then_both_are_told_and_the_status_has_the_last()
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        var again = new AgentHappening(AgentFailures.Restarted, "It ended again.", s_now);
        var conditions = Conditions();

        await conditions.TellAsync(await RowAsync(id), Failing(again, Restart, again), 0, Token);
        Assert.Equal(2, await EventsAsync(Condition.EngineRestarted, id));
        Assert.Equal("It ended again.", await stepped.ReasonAsync(id));

        // A change succeeds.
        await conditions.TellAsync(await RowAsync(id), Healthy(Restart, again), 0, Token);
        Assert.Null(await stepped.ReasonAsync(id));
        Assert.Equal(2, await EventsAsync(Condition.EngineRestarted, id));
    }

    [Fact]
    public async Task Given_a_kill_counted_before_the_agent_knows_what_it_did_when_it_does_then_one_event_has_cause_and_effect()
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        var conditions = Conditions();
        await conditions.TellAsync(await RowAsync(id), Healthy(), kills: 0, Token);
        var starting = Healthy() with { Engine = "starting" };
        await conditions.TellAsync(await RowAsync(id), starting, kills: 1, Token);
        _time.Advance(KillSpan.Patience * 2);
        await conditions.TellAsync(await RowAsync(id), starting, kills: 1, Token);
        Assert.Equal(0, await EventsAsync(Condition.OutOfMemory, id));

        var back = new AgentHappening(AgentFailures.Restarted, "It ended.", _time.GetUtcNow());
        await conditions.TellAsync(await RowAsync(id), Failing(back, back), kills: 1, Token);
        var reason = await stepped.ReasonAsync(id);
        Assert.Contains("memoryGib", reason, StringComparison.Ordinal);
        Assert.EndsWith("It ended.", reason, StringComparison.Ordinal);

        // The next look, a service that was restarted and has only the events, and a change.
        await conditions.TellAsync(await RowAsync(id), Failing(back, back), kills: 1, Token);
        conditions = Conditions();
        await conditions.TellAsync(await RowAsync(id), Failing(back, back), kills: 1, Token);
        await conditions.TellAsync(await RowAsync(id), Failing(back, back), kills: 1, Token);
        Assert.Equal(reason, await stepped.ReasonAsync(id));
        await conditions.TellAsync(await RowAsync(id), Healthy(back), kills: 1, Token);
        Assert.Null(await stepped.ReasonAsync(id));

        Assert.Equal(1, await EventsAsync(Condition.OutOfMemory, id));
        Assert.Equal(0, await EventsAsync(Condition.EngineRestarted, id));
    }

    [Fact]
    public async Task Given_a_kill_beside_the_engine_when_the_agent_has_nothing_to_say_for_a_while_then_it_is_told_once()
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        var conditions = Conditions();
        for (var look = 0; look < 6; look++)
        {
            await conditions.TellAsync(await RowAsync(id), Healthy(), Math.Min(look, 1), Token);
            _time.Advance(KillSpan.Patience / 2);
        }

        Assert.Equal(1, await EventsAsync(Condition.OutOfMemory, id));
        Assert.Null(await stepped.ReasonAsync(id));
    }

    [Fact]
    public async Task Given_slow_storage_when_the_volume_is_full_besides_then_the_end_of_the_first_is_told_too()
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        var conditions = Conditions();
        foreach (var code in new[] { AgentFailures.SlowStorage, AgentFailures.VolumeFull })
        {
            var now = new AgentHappening(code, "Words.", _time.GetUtcNow());
            await conditions.TellAsync(await RowAsync(id), Failing(now), 0, Token);
        }

        Assert.Equal(1, await EventsAsync(Condition.Ended, id));
        await conditions.TellAsync(await RowAsync(id), Healthy(), 0, Token);
        Assert.Equal(2, await EventsAsync(Condition.Ended, id));
    }

    [Fact]
    public async Task Given_a_crash_while_the_volume_is_full_then_the_full_volume_is_told_once_and_its_end_too()
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        var conditions = Conditions();
        var full = new AgentHappening(AgentFailures.VolumeFull, "Full.", s_now.AddSeconds(-60));

        await conditions.TellAsync(await RowAsync(id), Failing(full), 0, Token);
        await conditions.TellAsync(await RowAsync(id), Failing(full, Restart), 0, Token);
        await Conditions().TellAsync(await RowAsync(id), Failing(full, Restart), 0, Token);
        Assert.Equal(1, await EventsAsync(Condition.VolumeFull, id));
        Assert.Equal(1, await EventsAsync(Condition.EngineRestarted, id));
        Assert.Equal("Full.", await stepped.ReasonAsync(id));
        Assert.Equal(0, await EventsAsync(Condition.Ended, id));

        // Room again: what the agent says now is the crash, which was told.
        await conditions.TellAsync(await RowAsync(id), Failing(Restart, Restart), 0, Token);
        Assert.Equal(1, await EventsAsync(Condition.Ended, id));
        Assert.Equal(1, await EventsAsync(Condition.EngineRestarted, id));
        Assert.Equal("The server ended.", await stepped.ReasonAsync(id));
        await conditions.TellAsync(await RowAsync(id), Healthy(Restart), 0, Token);
        Assert.Null(await stepped.ReasonAsync(id));
        Assert.Equal(1, await EventsAsync(Condition.Ended, id));
    }

    private static AgentHealth Healthy(params AgentHappening[] happened) =>
        new()
        {
            AgentVersion = "1",
            Engine = "running",
            Happened = happened,
        };

    private static AgentHealth Failing(AgentHappening now, params AgentHappening[] happened) =>
        Healthy(happened) with
        {
            Failure = now.Message,
            FailureCode = now.Code,
            FailureSince = now.At,
        };

    private InstanceConditions Conditions() =>
        new(
            stepped.Services.GetRequiredService<IPlatformTransactions>(),
            stepped.Services.GetRequiredService<IEventWriter>(),
            _time
        );

    private async Task<InstanceRow> RowAsync(string id) => (await stepped.PartsAsync(id)).Instance;

    private Task<long> EventsAsync(string kind, string id) =>
        InstanceRemains.EventsAsync(stepped.Services, kind, id);
}
