using System.Text.Json;
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
        var condition = Condition.Of(Health(code, s_now), kills: null, s_now);

        Assert.Equal(kind, condition!.Kind);
        Assert.Equal("Words.", condition.Message);
        Assert.Contains(kind, Condition.Kinds);
    }

    [Theory]
    [InlineData(-6, false)] // before the last look that counted none
    [InlineData(0, true)]
    [InlineData(20, true)] // the server had to come back first
    [InlineData(21, false)] // after what the kill did
    public void Given_a_restart_when_the_kernel_killed_for_memory_about_then_that_is_the_cause(
        int seconds,
        bool killed
    )
    {
        var at = s_now.AddSeconds(seconds);
        var span = new KillSpan(s_now, s_now.AddSeconds(20));
        Condition[] conditions =
        [
            Condition.Of(Health(AgentFailures.Restarted, at), span, s_now)!,
            .. Condition.Past(
                Quiet(new AgentHappening(AgentFailures.Restarted, "Words.", at)),
                span,
                s_now
            ),
        ];

        Assert.Equal(2, conditions.Length);
        foreach (var condition in conditions)
        {
            Assert.Equal(
                killed ? Condition.OutOfMemory : Condition.EngineRestarted,
                condition.Kind
            );
            Assert.Equal(killed, condition.Message.Contains("memoryGib", StringComparison.Ordinal));
            Assert.EndsWith("Words.", condition.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Given_a_full_volume_when_the_kernel_killed_then_it_is_still_the_volume_that_is_full() =>
        Assert.Equal(
            Condition.VolumeFull,
            Condition.Of(Health(AgentFailures.VolumeFull, s_now), new(s_now, null), s_now)!.Kind
        );

    [Fact]
    public void Given_what_happened_when_it_is_older_than_a_day_then_it_is_no_news()
    {
        var old = new AgentHappening(AgentFailures.Restarted, "Old.", s_now - Condition.Kept);
        var young = new AgentHappening(AgentFailures.Failed, "Young.", s_now);

        Assert.Equal(
            [(Condition.EngineRestarted, "Old."), (Condition.Unhealthy, "Young.")],
            Condition
                .Past(Quiet(old, young), kills: null, s_now)
                .Select(past => (past.Kind, past.Message))
        );
        Assert.Equal(
            "Young.",
            Assert
                .Single(
                    Condition.Past(Quiet(old, young), kills: null, s_now + TimeSpan.FromTicks(1))
                )
                .Message
        );
        Assert.Empty(Condition.Past(null, null, s_now));
    }

    [Fact]
    public void Given_an_agent_of_before_that_names_no_happenings_when_it_is_read_then_there_are_none()
    {
        var health = JsonSerializer.Deserialize(
            """{"agentVersion":"1","engine":"running"}""",
            AgentJson.Default.AgentHealth
        )!;

        Assert.Empty(Condition.Past(health, null, s_now));
    }

    [Fact]
    public void Given_something_that_happened_once_when_an_hour_has_gone_then_it_is_told_no_more()
    {
        var then = s_now - Condition.Told - TimeSpan.FromSeconds(1);

        Assert.Null(Condition.Of(Health(AgentFailures.Restarted, then), kills: null, s_now));
        Assert.NotNull(Condition.Of(Health(AgentFailures.VolumeFull, then), kills: null, s_now));
    }

    [Fact]
    public void Given_health_without_failure_when_judged_then_there_is_nothing_to_tell()
    {
        Assert.Null(Condition.Of(Health("", null) with { Failure = "" }, kills: null, s_now));
        Assert.Null(Condition.Of(null, kills: null, s_now));
    }

    private static AgentHealth Quiet(params AgentHappening[] happened) =>
        new()
        {
            AgentVersion = "1",
            Engine = "running",
            Happened = happened,
        };

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
