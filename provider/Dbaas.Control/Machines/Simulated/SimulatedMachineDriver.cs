using Dbaas.Protocol.Host;

namespace Dbaas.Control.Machines.Simulated;

/// <summary>
/// Machines that exist only as rows in memory (or a folder), with the rules of real ones: epochs, order of opening and starting,
/// agents that refuse old generations. Passes the same conformance suite as the others. Safe to share between threads.
/// </summary>
public sealed partial class SimulatedMachineDriver : IMachineDriver
{
    private readonly Dictionary<string, SimulatedHost> _hosts;
    private readonly SimulatedMachineOptions _options;

    public SimulatedMachineDriver(SimulatedMachineOptions options, SimulatedFaults faults)
    {
        _options = options;
        Faults = faults;
        _hosts = options.Regions.ToDictionary(
            region => $"sim-{region}",
            region => new SimulatedHost(region, options.Folder)
        );
    }

    public string Name => "simulated";

    /// <summary>Where tests script what goes wrong.</summary>
    public SimulatedFaults Faults { get; }

    /// <summary>Whether the hosts grow a volume under a running engine; real ones need a capability for it.</summary>
    public bool GrowsMountedVolumes { get; set; } = true;

    /// <summary>The minor that a refreshed image holds; an image that is built on first use holds 0.</summary>
    public int RepositoryMinor { get; set; }

    /// <summary>Whether hosts say what they are; one that does not is left out of <see cref="DescribeAsync"/>.</summary>
    public bool Described { get; set; } = true;

    public Task<IReadOnlyList<HostFacts>> DescribeAsync(
        string region,
        CancellationToken cancellationToken
    ) =>
        CallAsync<IReadOnlyList<HostFacts>>(
            "Describe",
            () =>
                [
                    .. _hosts
                        .Where(pair => Described && pair.Value.Region == region)
                        .Select(pair => FactsOf(pair.Key, pair.Value)),
                ],
            cancellationToken
        );

    public Task<string> EnsureImageAsync(
        string hostId,
        EnsureImageRequest request,
        IProgress<ImageProgress> progress,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            "EnsureImage",
            () =>
            {
                var image = HostOf(hostId)
                    .Change(
                        null,
                        0,
                        state =>
                            SimulatedImages.Ensure(
                                state.Images,
                                request,
                                request.Refresh ? RepositoryMinor : 0
                            )
                    );
                progress.Report(new ImageProgress { Stage = "done", ImageId = image });
                return image;
            },
            cancellationToken
        );

    public Task<IReadOnlyList<ImageDescription>> ListImagesAsync(
        string hostId,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            "ListImages",
            () => HostOf(hostId).Read(state => SimulatedImages.List(state.Images)),
            cancellationToken
        );

    public Task<StoreAccess> EnsureStoreUserAsync(
        string hostId,
        EnsureStoreUserRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            "EnsureStoreUser",
            () =>
                HostOf(hostId)
                    .Change(
                        null,
                        0,
                        state =>
                        {
                            state.StoreUsers[request.Cluster] = new SimulatedStoreUser(
                                SimulatedHost.Own(request.Owner),
                                request.Cluster
                            );
                            return new StoreAccess
                            {
                                Endpoints = { "10.0.0.1:2379" },
                                User = request.Cluster,
                                Prefix = $"/service/{request.Cluster}/",
                                CaPem =
                                    "-----BEGIN CERTIFICATE-----\nsimulated\n-----END CERTIFICATE-----\n",
                            };
                        }
                    ),
            cancellationToken
        );

    public Task<bool> RemoveStoreUserAsync(
        string hostId,
        RemoveStoreUserRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            "RemoveStoreUser",
            () => HostOf(hostId).Change(null, 0, state => state.StoreUsers.Remove(request.Cluster)),
            cancellationToken
        );

    public Task<EndpointStatus> SetEndpointAsync(
        string hostId,
        SetEndpointRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            "SetEndpoint",
            () =>
                HostOf(hostId)
                    .Change(
                        request.EndpointId,
                        request.Epoch,
                        state =>
                        {
                            if (
                                state.Endpoints.Any(pair =>
                                    pair.Key != request.EndpointId
                                    && pair.Value.Address == request.Address
                                )
                            )
                            {
                                throw new MachineDriverException(
                                    "endpoint.address_taken",
                                    $"{request.Address} belongs to another endpoint.",
                                    retryable: false
                                );
                            }

                            state.Endpoints[request.EndpointId] = new SimulatedEndpoint(
                                SimulatedHost.Own(request.Owner),
                                request.Address,
                                request.Port,
                                [.. request.AllowedCidrs],
                                [.. request.Targets.Select(target => target.MachineId)]
                            );
                            return new EndpointStatus
                            {
                                EndpointId = request.EndpointId,
                                Address = request.Address,
                                Port = request.Port,
                                Serving = request.Targets.Any(target =>
                                    state.Machines.TryGetValue(target.MachineId, out var machine)
                                    && machine is { State: "running", Engine: "running" }
                                ),
                            };
                        }
                    ),
            cancellationToken
        );

    public Task<bool> RemoveEndpointAsync(
        string hostId,
        RemoveEndpointRequest request,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            "RemoveEndpoint",
            () =>
                HostOf(hostId)
                    .Change(
                        request.EndpointId,
                        request.Epoch,
                        state => state.Endpoints.Remove(request.EndpointId)
                    ),
            cancellationToken
        );

    public Task<Inventory> GetInventoryAsync(string hostId, CancellationToken cancellationToken) =>
        CallAsync(
            "GetInventory",
            () => HostOf(hostId).Read(SimulatedInventory.Of),
            cancellationToken
        );

    private HostFacts FactsOf(string id, SimulatedHost host) =>
        host.Read(state => new HostFacts
        {
            GrowsMountedVolumes = GrowsMountedVolumes,
            BoxId = $"simulated-{host.Region}",
            HostId = id,
            InstallationId = "simulated",
            Region = host.Region,
            Version = "simulated",
            Cpus = _options.Cpus,
            MemoryBytes = _options.MemoryBytes,
            DiskTotalBytes = _options.DiskBytes,
            DiskFreeBytes = _options.DiskBytes,
            CgroupVersion = 2,
            Kernel = "simulated",
            MemoryReservedBytes = state.Machines.Values.Sum(machine => machine.MemoryBytes),
            VolumeReservedBytes = state.Volumes.Values.Sum(volume => volume.SizeBytes),
            CpuReserved = state.Machines.Values.Sum(machine => machine.Cpu),
        });

    private SimulatedHost HostOf(string hostId) =>
        _hosts.TryGetValue(hostId, out var host)
            ? host
            : throw new MachineDriverException(
                "host.unknown",
                $"There is no host {hostId}.",
                retryable: false
            );

    private async Task<T> CallAsync<T>(
        string verb,
        Func<T> act,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (mode, delay) = Faults.Draw(verb);
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, cancellationToken);
        }

        if (mode is SimulatedFaultMode.FailBefore or SimulatedFaultMode.FailForGood)
        {
            throw new MachineDriverException(
                "simulated.fault",
                $"{verb} failed before it did anything.",
                mode is SimulatedFaultMode.FailBefore
            );
        }

        var result = act();
        if (mode is SimulatedFaultMode.LoseAnswer)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return mode is SimulatedFaultMode.FailAfter
            ? throw new MachineDriverException(
                "simulated.fault",
                $"{verb} failed after it had done its work.",
                retryable: true
            )
            : result;
    }
}
