using System.Globalization;
using Dbaas.Host.Containers;
using Dbaas.Host.Images;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Gateway;

/// <inheritdoc cref="IGateway"/>
internal sealed partial class HaproxyGateway : IGateway, IAsyncDisposable
{
    private const string Name = "gateway";
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly IContainers containers;
    private readonly GatewayFiles files;
    private readonly HaproxyRuntime runtime;
    private readonly ContainerKeeper keeper;
    private readonly ConnectionLog connections;
    private readonly ILogger<HaproxyGateway> logger;
    private readonly SemaphoreSlim changes = new(1, 1);

    /// <summary>All entries on disk, removed ones included; null before the start.</summary>
    private Dictionary<string, GatewayEntry>? known;

    public HaproxyGateway(
        GatewayOptions options,
        IImages images,
        IContainers containers,
        TimeProvider time,
        ILoggerFactory loggers
    )
    {
        logger = loggers.CreateLogger<HaproxyGateway>();
        this.containers = containers;
        files = new(options);
        runtime = new(files, time);
        connections = new(files.LogSocket, options.Uid, loggers.CreateLogger<ConnectionLog>());
        keeper = new(
            containers,
            async cancellationToken =>
                Describe(
                    options,
                    await images.EnsureAsync(
                        "platform",
                        "",
                        refresh: false,
                        new DiscardedProgress(),
                        cancellationToken
                    )
                ),
            time,
            logger
        );
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await changes.WaitAsync(cancellationToken);
        try
        {
            files.Prepare();
            connections.Start();
            known = files.Load().ToDictionary(entry => entry.EndpointId, StringComparer.Ordinal);
            files.WriteConfiguration(Living);
            var adopted = (await containers.GetAsync(Name, cancellationToken)).IsRunning;
            await keeper.StartAsync(cancellationToken);
            // A master that still starts its first worker refuses to reload.
            await runtime.AnswersAsync(cancellationToken);
            if (adopted)
            {
                // What it works by is not known; a reload costs nobody a connection and makes it known.
                await ReloadAsync(cancellationToken);
            }
            LogServing(Living.Count);
        }
        finally
        {
            changes.Release();
        }
    }

    public async Task<EndpointStatus> SetAsync(
        SetEndpointRequest request,
        CancellationToken cancellationToken
    )
    {
        await changes.WaitAsync(cancellationToken);
        try
        {
            var entry = EntryCheck.Accept(request, Known.Values);
            var before = Known.GetValueOrDefault(entry.EndpointId);
            RefuseStale(before, entry.Epoch);
            // Durable before it acts: whatever happens now, an older request comes too late.
            Keep(entry);
            try
            {
                await ApplyAsync(before, entry, cancellationToken);
            }
            catch (GatewayException) when (before is null)
            {
                Keep(entry with { Removed = true });
                files.WriteConfiguration(Living);
                throw;
            }
            catch (GatewayException)
            {
                Keep(before! with { Epoch = entry.Epoch });
                files.WriteConfiguration(Living);
                throw;
            }
            var (serving, count) = await runtime.StatusAsync(entry.EndpointId, cancellationToken);
            return new()
            {
                EndpointId = entry.EndpointId,
                Address = entry.Address,
                Port = entry.Port,
                Serving = serving,
                Connections = count,
            };
        }
        finally
        {
            changes.Release();
        }
    }

    public async Task<bool> RemoveAsync(
        RemoveEndpointRequest request,
        CancellationToken cancellationToken
    )
    {
        await changes.WaitAsync(cancellationToken);
        try
        {
            if (Known.GetValueOrDefault(request.EndpointId) is not { } entry)
            {
                return false;
            }
            RefuseStale(entry, request.Epoch);
            Keep(entry with { Epoch = request.Epoch, Removed = true });
            // Removed on disk is not yet removed from HAProxy: an earlier try may have ended between the two.
            if (
                entry.Removed
                && !(await runtime.EntriesAsync(cancellationToken)).Contains(entry.EndpointId)
            )
            {
                return false;
            }
            // Before the reload: afterwards the command was seen to have no effect on the old worker's connections. The list goes
            // first: nobody gets in again in between.
            await runtime.CloseAsync(entry, cancellationToken);
            files.WriteConfiguration(Living);
            await ReloadAsync(cancellationToken);
            LogRemoved(entry.EndpointId);
            return true;
        }
        finally
        {
            changes.Release();
        }
    }

    /// <summary>What HAProxy itself serves; the files only say whose it is, and are no proof of what is reachable.</summary>
    public async Task<IReadOnlyList<InventoryItem>> ListAsync(CancellationToken cancellationToken)
    {
        var entries = files
            .Load()
            .Where(entry => !entry.Removed)
            .ToDictionary(entry => entry.EndpointId, StringComparer.Ordinal);
        var served = await runtime.EntriesAsync(cancellationToken);
        return
        [
            .. served
                .Union(entries.Keys)
                .Order(StringComparer.Ordinal)
                .Select(id => ItemOf(id, entries.GetValueOrDefault(id), served.Contains(id))),
        ];
    }

    private static InventoryItem ItemOf(string endpointId, GatewayEntry? entry, bool served) =>
        new()
        {
            Kind = "gateway-entry",
            Name = endpointId,
            Owner = entry?.ToOwner(),
            Detail = entry is null
                ? "served, and nobody's"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{entry.Address}:{entry.Port} to {string.Join(' ', entry.Targets.Select(target => target.Address))}{(served ? "" : ", not served yet")}"
                ),
        };

    public Task StopAsync(CancellationToken cancellationToken) =>
        keeper.StopAsync(Grace, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await keeper.DisposeAsync();
        await connections.DisposeAsync();
        changes.Dispose();
    }

    private Dictionary<string, GatewayEntry> Known =>
        known
        ?? throw new GatewayException(
            "gateway.start_failed",
            "The region's gateway has not started yet.",
            retryable: true
        );

    private IReadOnlyCollection<GatewayEntry> Living =>
        [.. Known.Values.Where(entry => !entry.Removed)];

    private void Keep(GatewayEntry entry)
    {
        files.Save(entry);
        Known[entry.EndpointId] = entry;
    }

    private async Task ApplyAsync(
        GatewayEntry? before,
        GatewayEntry entry,
        CancellationToken cancellationToken
    )
    {
        files.WriteConfiguration(Living);
        var sameShape = before is { Removed: false } && before.Shape == entry.Shape;
        if (sameShape && await runtime.ApplyAsync(entry, cancellationToken))
        {
            LogChanged(entry.EndpointId);
            return;
        }
        await ReloadAsync(cancellationToken);
        LogReloaded(entry.EndpointId);
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        if (await runtime.ReloadAsync(cancellationToken) is { } reason)
        {
            throw new GatewayException(
                "gateway.refused",
                $"The region's HAProxy refused its configuration: {reason}",
                retryable: false
            );
        }
    }

    private static void RefuseStale(GatewayEntry? entry, ulong epoch)
    {
        if (entry is not null && epoch < entry.Epoch)
        {
            throw new GatewayException(
                "gateway.stale_epoch",
                $"{entry.EndpointId} was last changed at epoch {entry.Epoch}; a request of epoch {epoch} comes too late.",
                retryable: false
            );
        }
    }

    private ContainerSpec Describe(GatewayOptions options, Image image) =>
        new()
        {
            Name = Name,
            RootFolder = image.RootFileSystem,
            HostUid = options.Uid,
            HostName = Name,
            Command =
            [
                "haproxy",
                "-W",
                "-S",
                $"{GatewayFiles.InnerRun}/master.sock,mode,600",
                "-f",
                $"{GatewayFiles.InnerConfig}/haproxy.cfg",
            ],
            Mounts =
            [
                new(files.Config, GatewayFiles.InnerConfig, ReadOnly: true),
                new(files.Run, GatewayFiles.InnerRun),
            ],
        };

    [LoggerMessage(4821, LogLevel.Information, "The region's gateway serves {Count} endpoints")]
    private partial void LogServing(int count);

    [LoggerMessage(4822, LogLevel.Information, "Endpoint {EndpointId} changed without a reload")]
    private partial void LogChanged(string endpointId);

    [LoggerMessage(4823, LogLevel.Information, "Endpoint {EndpointId} set by a reload")]
    private partial void LogReloaded(string endpointId);

    [LoggerMessage(4826, LogLevel.Information, "Endpoint {EndpointId} removed")]
    private partial void LogRemoved(string endpointId);
}
