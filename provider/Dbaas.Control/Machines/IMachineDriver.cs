using Dbaas.Protocol.Host;

namespace Dbaas.Control.Machines;

/// <summary>
/// Machines, volumes, stores and endpoints of one region, whoever provides them. Every verb is an ensure: repeated with the same
/// arguments it changes nothing and answers the same. Verbs that change something carry an epoch and are refused
/// (<see cref="MachineDriverException"/>, code <c>machine.stale_epoch</c>) when a higher one was seen. Drivers inherit one
/// conformance suite. The messages are those of host.proto, so that the host driver needs no second vocabulary.
/// </summary>
public interface IMachineDriver
{
    /// <summary>host, simulated, later ec2 and kubernetes.</summary>
    string Name { get; }

    /// <summary>Ids of the hosts (or zones) this driver serves in a region, with what they can take.</summary>
    Task<IReadOnlyList<HostFacts>> DescribeAsync(
        string region,
        CancellationToken cancellationToken
    );

    Task<string> EnsureImageAsync(
        string hostId,
        EnsureImageRequest request,
        IProgress<ImageProgress> progress,
        CancellationToken cancellationToken
    );

    /// <summary>The images that machines of this host can be made from, newest first.</summary>
    Task<IReadOnlyList<ImageDescription>> ListImagesAsync(
        string hostId,
        CancellationToken cancellationToken
    );

    Task<VolumeStatus> CreateVolumeAsync(
        string hostId,
        CreateVolumeRequest request,
        CancellationToken cancellationToken
    );
    Task<VolumeStatus> OpenVolumeAsync(
        string hostId,
        OpenVolumeRequest request,
        CancellationToken cancellationToken
    );
    Task<VolumeStatus> CloseVolumeAsync(
        string hostId,
        CloseVolumeRequest request,
        CancellationToken cancellationToken
    );
    Task<VolumeStatus> GrowVolumeAsync(
        string hostId,
        GrowVolumeRequest request,
        CancellationToken cancellationToken
    );

    /// <summary>Crypto-shredding: key first, then data. True when there was something to destroy.</summary>
    Task<bool> DestroyVolumeAsync(
        string hostId,
        DestroyVolumeRequest request,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// A machine that is there and does not run gets the image named, and keeps address, size and volume; one that runs from another
    /// image is refused (<c>machine.running</c>).
    /// </summary>
    Task<MachineStatus> CreateMachineAsync(
        string hostId,
        CreateMachineRequest request,
        CancellationToken cancellationToken
    );
    Task<MachineStatus> StartMachineAsync(
        string hostId,
        MachineRequest request,
        CancellationToken cancellationToken
    );
    Task<MachineStatus> StopMachineAsync(
        string hostId,
        StopMachineRequest request,
        CancellationToken cancellationToken
    );

    /// <summary>Returns only when the machine certainly no longer runs.</summary>
    Task<MachineStatus> FenceMachineAsync(
        string hostId,
        MachineRequest request,
        CancellationToken cancellationToken
    );
    Task<MachineStatus> ResizeMachineAsync(
        string hostId,
        ResizeMachineRequest request,
        CancellationToken cancellationToken
    );
    Task<MachineStatus> ObserveMachineAsync(
        string hostId,
        ObserveMachineRequest request,
        CancellationToken cancellationToken
    );
    Task<bool> DestroyMachineAsync(
        string hostId,
        MachineRequest request,
        CancellationToken cancellationToken
    );

    Task<AgentReply> CallAgentAsync(
        string hostId,
        AgentCall request,
        CancellationToken cancellationToken
    );

    Task<StoreAccess> EnsureStoreUserAsync(
        string hostId,
        EnsureStoreUserRequest request,
        CancellationToken cancellationToken
    );
    Task<bool> RemoveStoreUserAsync(
        string hostId,
        RemoveStoreUserRequest request,
        CancellationToken cancellationToken
    );

    Task<EndpointStatus> SetEndpointAsync(
        string hostId,
        SetEndpointRequest request,
        CancellationToken cancellationToken
    );
    Task<bool> RemoveEndpointAsync(
        string hostId,
        RemoveEndpointRequest request,
        CancellationToken cancellationToken
    );

    Task<Inventory> GetInventoryAsync(string hostId, CancellationToken cancellationToken);
}
