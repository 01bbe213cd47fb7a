using Dbaas.Protocol.Host;

namespace Dbaas.Control.Machines.Simulated;

public sealed partial class SimulatedMachineDriver
{
    public Task<MachineStatus> CreateMachineAsync(
        string hostId,
        CreateMachineRequest request,
        CancellationToken cancellationToken
    ) =>
        MachineAsync(
            "CreateMachine",
            hostId,
            request.MachineId,
            request.Epoch,
            state =>
            {
                _ = Existing(state, request.VolumeId);
                if (state.Machines.TryGetValue(request.MachineId, out var machine))
                {
                    if (machine.ImageId != request.ImageId && machine.State == "running")
                    {
                        throw new MachineDriverException(
                            "machine.running",
                            $"The machine runs from image {machine.ImageId}; stop it before it gets another.",
                            retryable: false
                        );
                    }

                    state.Machines[request.MachineId] = machine with { ImageId = request.ImageId };
                    return;
                }

                var number = ++state.NextAddress;
                state.Machines[request.MachineId] = new SimulatedMachine
                {
                    Owner = SimulatedHost.Own(request.Owner),
                    ImageId = request.ImageId,
                    VolumeId = request.VolumeId,
                    Address = $"10.201.{number / 250}.{(number % 250) + 2}",
                    Cpu = request.Cpu,
                    MemoryBytes = request.MemoryBytes,
                    State = "created",
                    EngineVersion = request.EngineVersion,
                };
            },
            cancellationToken
        );

    public Task<MachineStatus> StartMachineAsync(
        string hostId,
        MachineRequest request,
        CancellationToken cancellationToken
    ) =>
        MachineAsync(
            "StartMachine",
            hostId,
            request.MachineId,
            request.Epoch,
            state =>
            {
                var machine = ExistingMachine(state, request.MachineId);
                if (!Existing(state, machine.VolumeId).Open)
                {
                    throw new MachineDriverException(
                        "machine.volume_closed",
                        "The machine's volume is not open.",
                        retryable: false
                    );
                }

                state.Machines[request.MachineId] = machine with { State = "running" };
            },
            cancellationToken
        );

    public Task<MachineStatus> StopMachineAsync(
        string hostId,
        StopMachineRequest request,
        CancellationToken cancellationToken
    ) => EndAsync("StopMachine", hostId, request.MachineId, request.Epoch, cancellationToken);

    public Task<MachineStatus> FenceMachineAsync(
        string hostId,
        MachineRequest request,
        CancellationToken cancellationToken
    ) => EndAsync("FenceMachine", hostId, request.MachineId, request.Epoch, cancellationToken);

    public Task<MachineStatus> ResizeMachineAsync(
        string hostId,
        ResizeMachineRequest request,
        CancellationToken cancellationToken
    ) =>
        MachineAsync(
            "ResizeMachine",
            hostId,
            request.MachineId,
            request.Epoch,
            state =>
                state.Machines[request.MachineId] = ExistingMachine(state, request.MachineId) with
                {
                    Cpu = request.Cpu,
                    MemoryBytes = request.MemoryBytes,
                },
            cancellationToken
        );

    public Task<MachineStatus> ObserveMachineAsync(
        string hostId,
        ObserveMachineRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            "ObserveMachine",
            () => HostOf(hostId).Read(state => StatusOf(state, request.MachineId)),
            cancellationToken
        );

    public Task<bool> DestroyMachineAsync(
        string hostId,
        MachineRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            "DestroyMachine",
            () =>
                HostOf(hostId)
                    .Change(
                        request.MachineId,
                        request.Epoch,
                        state => state.Machines.Remove(request.MachineId)
                    ),
            cancellationToken
        );

    public Task<AgentReply> CallAgentAsync(
        string hostId,
        AgentCall request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            $"Agent{request.Path}",
            () =>
                HostOf(hostId)
                    .Change(
                        request.Epoch > 0 ? request.MachineId : null,
                        request.Epoch,
                        state =>
                        {
                            var machine = ExistingMachine(state, request.MachineId);
                            if (machine.State != "running")
                            {
                                throw new MachineDriverException(
                                    "agent.unreachable",
                                    "The machine does not run.",
                                    retryable: true
                                );
                            }

                            var (next, reply) = SimulatedAgent.Answer(machine, request);
                            state.Machines[request.MachineId] = next;
                            return reply;
                        }
                    ),
            cancellationToken
        );

    private Task<MachineStatus> EndAsync(
        string verb,
        string hostId,
        string machineId,
        ulong epoch,
        CancellationToken cancellationToken
    ) =>
        MachineAsync(
            verb,
            hostId,
            machineId,
            epoch,
            state =>
            {
                if (
                    state.Machines.TryGetValue(machineId, out var machine)
                    && machine.State == "running"
                )
                {
                    state.Machines[machineId] = machine with
                    {
                        State = "stopped",
                        Engine = machine.Engine == "absent" ? "absent" : "stopped",
                    };
                }
            },
            cancellationToken
        );

    private Task<MachineStatus> MachineAsync(
        string verb,
        string hostId,
        string machineId,
        ulong epoch,
        Action<SimulatedState> change,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            verb,
            () =>
                HostOf(hostId)
                    .Change(
                        machineId,
                        epoch,
                        state =>
                        {
                            change(state);
                            return StatusOf(state, machineId);
                        }
                    ),
            cancellationToken
        );

    private static MachineStatus StatusOf(SimulatedState state, string machineId) =>
        state.Machines.TryGetValue(machineId, out var machine)
            ? new MachineStatus
            {
                MachineId = machineId,
                State = machine.State,
                Address = machine.Address,
                ImageId = machine.ImageId,
                Cpu = machine.Cpu,
                MemoryBytes = machine.MemoryBytes,
                AgentReachable = machine.State == "running",
            }
            : new MachineStatus { MachineId = machineId, State = "absent" };

    private static SimulatedMachine ExistingMachine(SimulatedState state, string machineId) =>
        state.Machines.TryGetValue(machineId, out var machine)
            ? machine
            : throw new MachineDriverException(
                "machine.not_found",
                $"There is no machine {machineId}.",
                retryable: false
            );
}
