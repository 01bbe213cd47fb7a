using Dbaas.Engines.Tests.Machines;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.Tests.Members;

/// <summary>What an agent knows after its server was killed and a change came before anybody asked.</summary>
internal static class KnownCrash
{
    /// <summary>Applies what is in force already: that ends what the agent says is wrong, and not what it knows to have happened.</summary>
    public static async Task OutlivesAChangeAsync(TestMachine machine, MemberSpec spec)
    {
        var applied = await machine.ApplyAsync(spec);
        Assert.True(applied.Succeeded, applied.Message);
        var told = await machine.HealthAsync();
        Assert.Equal("", told.Failure);
        var happened = Assert.Single(told.Happened);
        Assert.Equal(AgentFailures.Restarted, happened.Code);
        Assert.StartsWith(
            "The server ended unexpectedly",
            happened.Message,
            StringComparison.Ordinal
        );
    }
}
