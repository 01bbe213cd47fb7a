using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.Tests.Members;

/// <summary>Storage is slow when it stays slow, and is well again at the first fast write.</summary>
public sealed class StorageProbeTests
{
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(130);
    private readonly StorageProbe probe = new("/nowhere", TimeProvider.System);

    [Fact]
    public void Given_slow_writes_when_three_in_a_row_agree_then_it_is_told_with_what_to_do()
    {
        probe.Judge(Slow);
        probe.Judge(Slow);
        Assert.Equal(Trouble.None, probe.Trouble);

        probe.Judge(Slow);

        Assert.Equal(AgentFailures.SlowStorage, probe.Trouble.Code);
        Assert.Contains("130 ms", probe.Trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_a_busy_neighbour_when_single_writes_are_slow_then_nothing_is_told()
    {
        for (var looks = 0; looks < 10; looks++)
        {
            probe.Judge(Slow);
            probe.Judge(Slow);
            probe.Judge(Fast);
            Assert.Equal(Trouble.None, probe.Trouble);
        }
    }

    [Fact]
    public void Given_slow_storage_when_it_is_asked_again_then_it_keeps_its_time_until_a_write_is_fast()
    {
        for (var looks = 0; looks < 3; looks++)
        {
            probe.Judge(Slow);
        }

        var since = probe.Trouble.Since;
        probe.Judge(Slow);
        Assert.Equal(since, probe.Trouble.Since);

        probe.Judge(Fast);
        Assert.Equal(Trouble.None, probe.Trouble);
    }
}
