using Dbaas.Protocol.Agent;

namespace Dbaas.Host.Machines;

/// <summary>What machines have to do with their agents as programs.</summary>
internal sealed partial class RuncMachines
{
    /// <summary>Brings the deployed agent into running machines; their reaper starts it, the engine keeps serving.</summary>
    public async Task UpgradeAgentsAsync(CancellationToken cancellationToken)
    {
        foreach (var record in List())
        {
            var container = await containers.GetAsync(record.Id, cancellationToken);
            if (container.IsRunning && folder.UpgradeAgent(record.Id))
            {
                AgentProcess.Restart(cgroups.Processes(names.Cgroup(record.Id)));
                LogUpgraded(record.Id);
            }
        }
    }

    private async Task StopEngineAsync(
        string id,
        int graceSeconds,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await agent.CallAsync(
                new()
                {
                    MachineId = id,
                    Path = AgentPaths.Stop,
                    Body = Google.Protobuf.ByteString.CopyFromUtf8("{}"),
                    TimeoutSeconds = Math.Max(1, graceSeconds),
                },
                cancellationToken
            );
        }
        catch (HostRefusal refusal)
        {
            LogStopUnanswered(id, refusal.Message); // the signal follows either way
        }
    }
}
