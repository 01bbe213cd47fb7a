using Dbaas.Protocol.Host;
using Grpc.Core;

namespace Dbaas.Control.Machines.Host;

/// <summary>The verbs that are one call each.</summary>
internal sealed partial class HostMachineDriver
{
    public async Task<IReadOnlyList<ImageDescription>> ListImagesAsync(
        string hostId,
        CancellationToken cancellationToken
    ) =>
        (
            await AskAsync(
                hostId,
                (host, options) => host.ListImagesAsync(new ListImagesRequest(), options),
                cancellationToken
            )
        ).Images;

    public Task<VolumeStatus> CreateVolumeAsync(
        string hostId,
        CreateVolumeRequest request,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            hostId,
            (host, options) => host.CreateVolumeAsync(request, options),
            cancellationToken
        );

    public Task<VolumeStatus> OpenVolumeAsync(
        string hostId,
        OpenVolumeRequest request,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            hostId,
            (host, options) => host.OpenVolumeAsync(request, options),
            cancellationToken
        );

    public Task<VolumeStatus> CloseVolumeAsync(
        string hostId,
        CloseVolumeRequest request,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            hostId,
            (host, options) => host.CloseVolumeAsync(request, options),
            cancellationToken
        );

    public Task<VolumeStatus> GrowVolumeAsync(
        string hostId,
        GrowVolumeRequest request,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            hostId,
            (host, options) => host.GrowVolumeAsync(request, options),
            cancellationToken
        );

    public async Task<bool> DestroyVolumeAsync(
        string hostId,
        DestroyVolumeRequest request,
        CancellationToken cancellationToken
    ) =>
        (
            await AskAsync(
                hostId,
                (host, options) => host.DestroyVolumeAsync(request, options),
                cancellationToken
            )
        ).Existed;

    public Task<MachineStatus> CreateMachineAsync(
        string hostId,
        CreateMachineRequest request,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            hostId,
            (host, options) => host.CreateMachineAsync(request, options),
            cancellationToken
        );

    public Task<MachineStatus> StartMachineAsync(
        string hostId,
        MachineRequest request,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            hostId,
            (host, options) => host.StartMachineAsync(request, options),
            cancellationToken
        );

    public Task<MachineStatus> StopMachineAsync(
        string hostId,
        StopMachineRequest request,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            hostId,
            (host, options) => host.StopMachineAsync(request, options),
            cancellationToken
        );

    public Task<MachineStatus> FenceMachineAsync(
        string hostId,
        MachineRequest request,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            hostId,
            (host, options) => host.FenceMachineAsync(request, options),
            cancellationToken
        );

    public Task<MachineStatus> ResizeMachineAsync(
        string hostId,
        ResizeMachineRequest request,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            hostId,
            (host, options) => host.ResizeMachineAsync(request, options),
            cancellationToken
        );

    public Task<MachineStatus> ObserveMachineAsync(
        string hostId,
        ObserveMachineRequest request,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            hostId,
            (host, options) => host.ObserveMachineAsync(request, options),
            cancellationToken
        );

    public async Task<bool> DestroyMachineAsync(
        string hostId,
        MachineRequest request,
        CancellationToken cancellationToken
    ) =>
        (
            await AskAsync(
                hostId,
                (host, options) => host.DestroyMachineAsync(request, options),
                cancellationToken
            )
        ).Existed;

    public Task<AgentReply> CallAgentAsync(
        string hostId,
        AgentCall request,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            hostId,
            (host, options) => host.CallAgentAsync(request, options),
            cancellationToken
        );

    public Task<StoreAccess> EnsureStoreUserAsync(
        string hostId,
        EnsureStoreUserRequest request,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            hostId,
            (host, options) => host.EnsureStoreUserAsync(request, options),
            cancellationToken
        );

    public async Task<bool> RemoveStoreUserAsync(
        string hostId,
        RemoveStoreUserRequest request,
        CancellationToken cancellationToken
    ) =>
        (
            await AskAsync(
                hostId,
                (host, options) => host.RemoveStoreUserAsync(request, options),
                cancellationToken
            )
        ).Existed;

    public Task<EndpointStatus> SetEndpointAsync(
        string hostId,
        SetEndpointRequest request,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            hostId,
            (host, options) => host.SetEndpointAsync(request, options),
            cancellationToken
        );

    public async Task<bool> RemoveEndpointAsync(
        string hostId,
        RemoveEndpointRequest request,
        CancellationToken cancellationToken
    ) =>
        (
            await AskAsync(
                hostId,
                (host, options) => host.RemoveEndpointAsync(request, options),
                cancellationToken
            )
        ).Existed;

    public Task<Inventory> GetInventoryAsync(string hostId, CancellationToken cancellationToken) =>
        AskAsync(
            hostId,
            (host, options) => host.GetInventoryAsync(new GetInventoryRequest(), options),
            cancellationToken
        );

    private Task<TReply> AskAsync<TReply>(
        string hostId,
        Func<HostService.HostServiceClient, CallOptions, AsyncUnaryCall<TReply>> verb,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            host => verb(host, new CallOptions(cancellationToken: cancellationToken)).ResponseAsync,
            cancellationToken
        );
}
