namespace Dbaas.Control.Machines.Simulated;

/// <content>What happens to machines without anybody asking for it.</content>
public sealed partial class SimulatedMachineDriver
{
    /// <summary>What a power cut does: nothing runs, no volume is open, all data is still there.</summary>
    public void CutPower() =>
        Everywhere(state =>
        {
            End(state, _ => true);
            foreach (var (id, volume) in state.Volumes.ToArray())
            {
                state.Volumes[id] = volume with { Open = false };
            }
        });

    /// <summary>The first process of each machine of an instance is killed: the machines are stopped, their volumes stay open.</summary>
    public void KillMachines(string instanceId) =>
        Everywhere(state => End(state, machine => machine.Owner.InstanceId == instanceId));

    /// <summary>The engines of an instance die and do not come back by themselves; machines and agents go on.</summary>
    public void KillEngines(string instanceId) =>
        Everywhere(state =>
        {
            foreach (var (id, machine) in state.Machines.ToArray())
            {
                if (machine.Owner.InstanceId == instanceId && machine.Engine == "running")
                {
                    state.Machines[id] = machine with { Engine = "failed" };
                }
            }
        });

    /// <summary>The engines of an instance end in the middle of so many changes and come back by themselves.</summary>
    public void InterruptEngines(string instanceId, int times) =>
        Everywhere(state =>
        {
            foreach (var (id, machine) in state.Machines.ToArray())
            {
                if (machine.Owner.InstanceId == instanceId)
                {
                    state.Machines[id] = machine with { Interruptions = times };
                }
            }
        });

    private void Everywhere(Action<SimulatedState> happens)
    {
        foreach (var host in _hosts.Values)
        {
            host.Change(
                null,
                0,
                state =>
                {
                    happens(state);
                    return true;
                }
            );
        }
    }

    private static void End(SimulatedState state, Func<SimulatedMachine, bool> which)
    {
        foreach (var (id, machine) in state.Machines.ToArray())
        {
            if (which(machine) && machine.State == "running")
            {
                state.Machines[id] = machine with
                {
                    State = "stopped",
                    Engine = machine.Engine == "absent" ? "absent" : "stopped",
                };
            }
        }
    }
}
