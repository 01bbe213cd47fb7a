using System.Globalization;
using System.Threading.Channels;
using Dbaas.Host.Facts;
using Dbaas.Host.Gateway;
using Dbaas.Host.Images;
using Dbaas.Host.Inventory;
using Dbaas.Host.Machines;
using Dbaas.Host.State;
using Dbaas.Host.Store;
using Dbaas.Host.Volumes;
using Dbaas.Protocol.Host;
using Grpc.Core;

namespace Dbaas.Host.Rpc;

/// <summary>
/// host.proto, call by call. Serialises per object and hands over; no rule of its own but one: a volume is not taken away below a
/// machine. Work that has begun is not cancelled when the caller hangs up, since the next call would only have to clean up.
/// </summary>
internal sealed class HostCalls(
    ObjectLocks locks,
    EncryptedVolumes volumes,
    RuncMachines machines,
    HostFactsReader facts,
    HostInventory inventory,
    IImages images,
    IServiceProvider services
) : HostService.HostServiceBase
{
    public override Task<HostFacts> GetFacts(GetFactsRequest request, ServerCallContext context) =>
        facts.ReadAsync();

    public override async Task<Protocol.Host.Inventory> GetInventory(
        GetInventoryRequest request,
        ServerCallContext context
    ) => new() { Items = { await inventory.ListAsync(context.CancellationToken) } };

    public override async Task EnsureImage(
        EnsureImageRequest request,
        IServerStreamWriter<ImageProgress> responseStream,
        ServerCallContext context
    )
    {
        // A writer takes one message at a time, progress comes from any thread.
        var messages = Channel.CreateUnbounded<ImageProgress>();
        var work = EnsureImageAsync(request, messages.Writer, context.CancellationToken);
        await foreach (var message in messages.Reader.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(message, context.CancellationToken);
        }
        await work;
    }

    public override Task<ImageList> ListImages(ListImagesRequest request, ServerCallContext context)
    {
        var list = new ImageList();
        foreach (var image in images.List().Where(image => image.Engine != "platform"))
        {
            list.Images.Add(
                new ImageDescription
                {
                    ImageId = image.Id,
                    Engine = image.Engine,
                    Version = image.Version,
                    EngineVersion = image.EngineVersion,
                    BuiltAt = image.BuiltAt.ToString("O", CultureInfo.InvariantCulture),
                    Newest = NewestOf(image) == image.Id,
                }
            );
        }

        return Task.FromResult(list);
    }

    public override Task<VolumeStatus> CreateVolume(
        CreateVolumeRequest request,
        ServerCallContext context
    ) => VolumeAsync(request.VolumeId, () => volumes.CreateAsync(request, CancellationToken.None));

    public override Task<VolumeStatus> OpenVolume(
        OpenVolumeRequest request,
        ServerCallContext context
    ) => VolumeAsync(request.VolumeId, () => volumes.OpenAsync(request, CancellationToken.None));

    public override Task<VolumeStatus> CloseVolume(
        CloseVolumeRequest request,
        ServerCallContext context
    ) =>
        VolumeAsync(
            request.VolumeId,
            async () =>
            {
                await RefuseWhileRunningAsync(request.VolumeId);
                volumes.Close(request);
            }
        );

    public override Task<VolumeStatus> GrowVolume(
        GrowVolumeRequest request,
        ServerCallContext context
    ) => VolumeAsync(request.VolumeId, () => volumes.GrowAsync(request, CancellationToken.None));

    public override async Task<Destroyed> DestroyVolume(
        DestroyVolumeRequest request,
        ServerCallContext context
    )
    {
        using var turn = await locks.EnterAsync(request.VolumeId, context.CancellationToken);
        await RefuseWhileRunningAsync(request.VolumeId);
        return new() { Existed = volumes.Destroy(request) };
    }

    public override Task<MachineStatus> CreateMachine(
        CreateMachineRequest request,
        ServerCallContext context
    ) =>
        MachineAsync(
            request.MachineId,
            () => machines.CreateAsync(request, CancellationToken.None)
        );

    public override Task<MachineStatus> StartMachine(
        MachineRequest request,
        ServerCallContext context
    ) =>
        MachineAsync(request.MachineId, () => machines.StartAsync(request, CancellationToken.None));

    public override Task<MachineStatus> StopMachine(
        StopMachineRequest request,
        ServerCallContext context
    ) => MachineAsync(request.MachineId, () => machines.StopAsync(request, CancellationToken.None));

    public override async Task<MachineStatus> FenceMachine(
        MachineRequest request,
        ServerCallContext context
    )
    {
        using var announced = machines.AnnounceFence(request);
        return await MachineAsync(
            request.MachineId,
            () => machines.FenceAsync(request, CancellationToken.None)
        );
    }

    public override Task<MachineStatus> ResizeMachine(
        ResizeMachineRequest request,
        ServerCallContext context
    ) =>
        MachineAsync(
            request.MachineId,
            () => machines.ResizeAsync(request, CancellationToken.None)
        );

    public override Task<MachineStatus> ObserveMachine(
        ObserveMachineRequest request,
        ServerCallContext context
    ) => machines.ObserveAsync(request.MachineId, context.CancellationToken);

    public override async Task<Destroyed> DestroyMachine(
        MachineRequest request,
        ServerCallContext context
    )
    {
        using var turn = await locks.EnterAsync(request.MachineId, context.CancellationToken);
        return new() { Existed = await machines.DestroyAsync(request, CancellationToken.None) };
    }

    // Not serialised: a call may take as long as the engine's start, and fencing must not wait for it.
    public override Task<AgentReply> CallAgent(AgentCall request, ServerCallContext context) =>
        machines.CallAgentAsync(request, context.CancellationToken);

    public override Task<StoreAccess> EnsureStoreUser(
        EnsureStoreUserRequest request,
        ServerCallContext context
    ) =>
        Need<IStore>("store.unreachable")
            .EnsureUserAsync(
                request.Owner,
                request.Cluster,
                request.Password,
                context.CancellationToken
            );

    public override async Task<Destroyed> RemoveStoreUser(
        RemoveStoreUserRequest request,
        ServerCallContext context
    ) =>
        new()
        {
            Existed = await Need<IStore>("store.unreachable")
                .RemoveUserAsync(request.Cluster, context.CancellationToken),
        };

    public override Task<EndpointStatus> SetEndpoint(
        SetEndpointRequest request,
        ServerCallContext context
    ) => Need<IGateway>("gateway.refused").SetAsync(request, context.CancellationToken);

    public override async Task<Destroyed> RemoveEndpoint(
        RemoveEndpointRequest request,
        ServerCallContext context
    ) =>
        new()
        {
            Existed = await Need<IGateway>("gateway.refused")
                .RemoveAsync(request, context.CancellationToken),
        };

    private string? NewestOf(Image image)
    {
        try
        {
            return images.Newest(image.Engine, image.Version)?.Id;
        }
        catch (ImageException)
        {
            return null; // of an engine or version that this program no longer offers
        }
    }

    private async Task EnsureImageAsync(
        EnsureImageRequest request,
        ChannelWriter<ImageProgress> messages,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await images.EnsureAsync(
                request.Engine,
                request.Version,
                request.Refresh,
                new ChannelProgress(messages),
                cancellationToken
            );
            messages.Complete();
        }
        catch (Exception exception)
        {
            messages.Complete(exception);
            throw;
        }
    }

    private async Task<VolumeStatus> VolumeAsync(string id, Func<Task> change)
    {
        using var turn = await locks.EnterAsync(id, CancellationToken.None);
        await change();
        return volumes.Status(id);
    }

    private async Task<MachineStatus> MachineAsync(string id, Func<Task> change)
    {
        using var turn = await locks.EnterAsync(id, CancellationToken.None);
        await change();
        return await machines.ObserveAsync(id, CancellationToken.None);
    }

    private async Task RefuseWhileRunningAsync(string volumeId)
    {
        if (await machines.RunningOnAsync(volumeId, CancellationToken.None) is { } machine)
        {
            throw new HostRefusal(
                RefusalKind.Busy,
                "volume.in_use",
                $"Machine {machine} runs on volume {volumeId}; stop or fence it first."
            );
        }
    }

    private T Need<T>(string code)
        where T : class =>
        services.GetService<T>()
        ?? throw new HostRefusal(
            RefusalKind.Unavailable,
            code,
            "This host does not serve that part of its region yet."
        );

    private sealed class ChannelProgress(ChannelWriter<ImageProgress> messages)
        : IProgress<ImageProgress>
    {
        public void Report(ImageProgress value) => messages.TryWrite(value);
    }
}
