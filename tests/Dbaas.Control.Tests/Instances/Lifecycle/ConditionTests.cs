using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Protocol.Agent;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>What agents and hosts say becomes one kind of event with cause and advice.</summary>
public sealed class ConditionTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string> Kinds { get; } =
        new()
        {
            { AgentFailures.Restarted, Condition.EngineRestarted },
            { AgentFailures.OutOfMemory, Condition.OutOfMemory },
            { AgentFailures.VolumeFull, Condition.VolumeFull },
            { AgentFailures.SlowStorage, Condition.StorageSlow },
            { AgentFailures.Failed, Condition.Unhealthy },
            { "engine.address_in_use", Condition.Unhealthy },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Given_a_failure_when_judged_then_its_code_decides_the_kind(string code, string kind)
    {
        var condition = Condition.Of(Health(code, s_now), kills: 0, s_now);

        Assert.Equal(kind, condition!.Kind);
        Assert.Equal("Words.", condition.Message);
        Assert.Contains(kind, Condition.Kinds);
    }

    [Fact]
    public void Given_a_restart_when_the_kernel_killed_for_memory_then_that_is_the_cause()
    {
        var condition = Condition.Of(Health(AgentFailures.Restarted, s_now), kills: 1, s_now)!;

        Assert.Equal(Condition.OutOfMemory, condition.Kind);
        Assert.Contains("memoryGib", condition.Message, StringComparison.Ordinal);
        Assert.EndsWith("Words.", condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_an_agent_that_says_nothing_when_the_kernel_killed_then_it_is_told_all_the_same() =>
        Assert.Equal(Condition.OutOfMemory, Condition.Of(null, kills: 2, s_now)!.Kind);

    [Fact]
    public void Given_something_that_happened_once_when_an_hour_has_gone_then_it_is_told_no_more()
    {
        var then = s_now - Condition.Told - TimeSpan.FromSeconds(1);

        Assert.Null(Condition.Of(Health(AgentFailures.Restarted, then), kills: 0, s_now));
        Assert.NotNull(Condition.Of(Health(AgentFailures.VolumeFull, then), kills: 0, s_now));
    }

    [Fact]
    public void Given_health_without_failure_when_judged_then_there_is_nothing_to_tell()
    {
        Assert.Null(Condition.Of(Health("", null) with { Failure = "" }, kills: 0, s_now));
        Assert.Null(Condition.Of(null, kills: 0, s_now));
    }

    private static AgentHealth Health(string code, DateTimeOffset? since) =>
        new()
        {
            AgentVersion = "1",
            Engine = "running",
            Failure = "Words.",
            FailureCode = code,
            FailureSince = since,
        };
}
