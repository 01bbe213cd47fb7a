using Dbaas.Protocol.Host;

namespace Dbaas.Control.Machines.Host;

/// <summary>The verbs that are one call each.</summary>
internal sealed partial class HostMachineDriver
{
    public Task<VolumeStatus> CreateVolumeAsync(
        string hostId,
        CreateVolumeRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            client =>
                client
                    .CreateVolumeAsync(request, cancellationToken: cancellationToken)
                    .ResponseAsync,
            cancellationToken
        );

    public Task<VolumeStatus> OpenVolumeAsync(
        string hostId,
        OpenVolumeRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            client =>
                client.OpenVolumeAsync(request, cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken
        );

    public Task<VolumeStatus> CloseVolumeAsync(
        string hostId,
        CloseVolumeRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            client =>
                client
                    .CloseVolumeAsync(request, cancellationToken: cancellationToken)
                    .ResponseAsync,
            cancellationToken
        );

    public Task<VolumeStatus> GrowVolumeAsync(
        string hostId,
        GrowVolumeRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            client =>
                client.GrowVolumeAsync(request, cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken
        );

    public Task<bool> DestroyVolumeAsync(
        string hostId,
        DestroyVolumeRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            async client =>
                (
                    await client.DestroyVolumeAsync(request, cancellationToken: cancellationToken)
                ).Existed,
            cancellationToken
        );

    public Task<MachineStatus> CreateMachineAsync(
        string hostId,
        CreateMachineRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            client =>
                client
                    .CreateMachineAsync(request, cancellationToken: cancellationToken)
                    .ResponseAsync,
            cancellationToken
        );

    public Task<MachineStatus> StartMachineAsync(
        string hostId,
        MachineRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            client =>
                client
                    .StartMachineAsync(request, cancellationToken: cancellationToken)
                    .ResponseAsync,
            cancellationToken
        );

    public Task<MachineStatus> StopMachineAsync(
        string hostId,
        StopMachineRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            client =>
                client
                    .StopMachineAsync(request, cancellationToken: cancellationToken)
                    .ResponseAsync,
            cancellationToken
        );

    public Task<MachineStatus> FenceMachineAsync(
        string hostId,
        MachineRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            client =>
                client
                    .FenceMachineAsync(request, cancellationToken: cancellationToken)
                    .ResponseAsync,
            cancellationToken
        );

    public Task<MachineStatus> ResizeMachineAsync(
        string hostId,
        ResizeMachineRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            client =>
                client
                    .ResizeMachineAsync(request, cancellationToken: cancellationToken)
                    .ResponseAsync,
            cancellationToken
        );

    public Task<MachineStatus> ObserveMachineAsync(
        string hostId,
        ObserveMachineRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            client =>
                client
                    .ObserveMachineAsync(request, cancellationToken: cancellationToken)
                    .ResponseAsync,
            cancellationToken
        );

    public Task<bool> DestroyMachineAsync(
        string hostId,
        MachineRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            async client =>
                (
                    await client.DestroyMachineAsync(request, cancellationToken: cancellationToken)
                ).Existed,
            cancellationToken
        );

    public Task<AgentReply> CallAgentAsync(
        string hostId,
        AgentCall request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            client =>
                client.CallAgentAsync(request, cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken
        );

    public Task<StoreAccess> EnsureStoreUserAsync(
        string hostId,
        EnsureStoreUserRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            client =>
                client
                    .EnsureStoreUserAsync(request, cancellationToken: cancellationToken)
                    .ResponseAsync,
            cancellationToken
        );

    public Task<bool> RemoveStoreUserAsync(
        string hostId,
        RemoveStoreUserRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            async client =>
                (
                    await client.RemoveStoreUserAsync(request, cancellationToken: cancellationToken)
                ).Existed,
            cancellationToken
        );

    public Task<EndpointStatus> SetEndpointAsync(
        string hostId,
        SetEndpointRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            client =>
                client
                    .SetEndpointAsync(request, cancellationToken: cancellationToken)
                    .ResponseAsync,
            cancellationToken
        );

    public Task<bool> RemoveEndpointAsync(
        string hostId,
        RemoveEndpointRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            async client =>
                (
                    await client.RemoveEndpointAsync(request, cancellationToken: cancellationToken)
                ).Existed,
            cancellationToken
        );

    public Task<Inventory> GetInventoryAsync(string hostId, CancellationToken cancellationToken) =>
        CallAsync(
            hostId,
            client =>
                client
                    .GetInventoryAsync(
                        new GetInventoryRequest(),
                        cancellationToken: cancellationToken
                    )
                    .ResponseAsync,
            cancellationToken
        );
}
