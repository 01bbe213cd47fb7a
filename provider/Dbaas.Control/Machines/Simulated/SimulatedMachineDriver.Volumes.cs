using Dbaas.Protocol.Host;

namespace Dbaas.Control.Machines.Simulated;

public sealed partial class SimulatedMachineDriver
{
    public Task<VolumeStatus> CreateVolumeAsync(
        string hostId,
        CreateVolumeRequest request,
        CancellationToken cancellationToken
    ) =>
        VolumeAsync(
            "CreateVolume",
            hostId,
            request.VolumeId,
            request.Epoch,
            state =>
                state.Volumes.TryAdd(
                    request.VolumeId,
                    new SimulatedVolume(
                        SimulatedHost.Own(request.Owner),
                        request.SizeBytes,
                        false,
                        false
                    )
                ),
            cancellationToken
        );

    public Task<VolumeStatus> OpenVolumeAsync(
        string hostId,
        OpenVolumeRequest request,
        CancellationToken cancellationToken
    ) =>
        VolumeAsync(
            "OpenVolume",
            hostId,
            request.VolumeId,
            request.Epoch,
            state =>
            {
                var volume = Existing(state, request.VolumeId);
                if (request.Key is null || request.Key.Ciphertext.IsEmpty)
                {
                    throw new MachineDriverException(
                        "volume.key_missing",
                        "A volume opens only with its wrapped key.",
                        retryable: false
                    );
                }

                state.Volumes[request.VolumeId] = volume with { Open = true };
            },
            cancellationToken
        );

    public Task<VolumeStatus> CloseVolumeAsync(
        string hostId,
        CloseVolumeRequest request,
        CancellationToken cancellationToken
    ) =>
        VolumeAsync(
            "CloseVolume",
            hostId,
            request.VolumeId,
            request.Epoch,
            state =>
            {
                RefuseWhileRunning(state, request.VolumeId);
                if (state.Volumes.TryGetValue(request.VolumeId, out var volume))
                {
                    state.Volumes[request.VolumeId] = volume with { Open = false };
                }
            },
            cancellationToken
        );

    public Task<VolumeStatus> GrowVolumeAsync(
        string hostId,
        GrowVolumeRequest request,
        CancellationToken cancellationToken
    ) =>
        VolumeAsync(
            "GrowVolume",
            hostId,
            request.VolumeId,
            request.Epoch,
            state =>
            {
                var volume = Existing(state, request.VolumeId);
                if (request.SizeBytes < volume.SizeBytes)
                {
                    throw new MachineDriverException(
                        "volume.shrink",
                        $"A volume never shrinks; it has {volume.SizeBytes} bytes.",
                        retryable: false
                    );
                }

                state.Volumes[request.VolumeId] = volume with { SizeBytes = request.SizeBytes };
            },
            cancellationToken
        );

    public Task<bool> DestroyVolumeAsync(
        string hostId,
        DestroyVolumeRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            "DestroyVolume",
            () =>
                HostOf(hostId)
                    .Change(
                        request.VolumeId,
                        request.Epoch,
                        state =>
                        {
                            RefuseWhileRunning(state, request.VolumeId);
                            return state.Volumes.Remove(request.VolumeId);
                        }
                    ),
            cancellationToken
        );

    private Task<VolumeStatus> VolumeAsync(
        string verb,
        string hostId,
        string volumeId,
        ulong epoch,
        Action<SimulatedState> change,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            verb,
            () =>
                HostOf(hostId)
                    .Change(
                        volumeId,
                        epoch,
                        state =>
                        {
                            change(state);
                            return state.Volumes.TryGetValue(volumeId, out var volume)
                                ? new VolumeStatus
                                {
                                    VolumeId = volumeId,
                                    State = volume.Open ? "open" : "closed",
                                    SizeBytes = volume.SizeBytes,
                                }
                                : new VolumeStatus { VolumeId = volumeId, State = "absent" };
                        }
                    ),
            cancellationToken
        );

    private static SimulatedVolume Existing(SimulatedState state, string volumeId) =>
        state.Volumes.TryGetValue(volumeId, out var volume)
            ? volume
            : throw new MachineDriverException(
                "volume.not_found",
                $"There is no volume {volumeId}.",
                retryable: false
            );

    private static void RefuseWhileRunning(SimulatedState state, string volumeId)
    {
        if (
            state.Machines.Values.Any(machine =>
                machine.VolumeId == volumeId && machine.State == "running"
            )
        )
        {
            throw new MachineDriverException(
                "volume.in_use",
                $"A machine runs on {volumeId}.",
                retryable: true
            );
        }
    }
}
