using System.Globalization;
using System.Text;
using Dbaas.Host.Containers;
using Dbaas.Host.Images;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Store;

/// <inheritdoc cref="IStore"/>
internal sealed partial class EtcdStore : IStore, IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly StoreOptions options;
    private readonly StoreFiles files;
    private readonly ContainerKeeper keeper;
    private readonly TimeProvider time;
    private readonly ILogger<EtcdStore> logger;
    private readonly EtcdConnection connection;
    private readonly Lazy<EtcdSession> session;

    public EtcdStore(
        StoreOptions options,
        IImages images,
        IContainers containers,
        TimeProvider time,
        ILogger<EtcdStore> logger
    )
    {
        this.options = options;
        this.time = time;
        this.logger = logger;
        files = new(options);
        connection = new(options.Endpoint, options.AuthorityFile);
        session = new(() => new(connection, files.RootPassword(), time));
        keeper = new(
            containers,
            async cancellationToken =>
            {
                files.Prepare();
                var image = await images.EnsureAsync(
                    "platform",
                    "",
                    refresh: false,
                    new DiscardedProgress(),
                    cancellationToken
                );
                return EtcdContainer.Describe(options, files, image.RootFileSystem);
            },
            time,
            logger
        );
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await keeper.StartAsync(cancellationToken);
        var started = time.GetTimestamp();
        while (await CheckAsync(cancellationToken) is { } problem)
        {
            if (time.GetElapsedTime(started) > StartDeadline)
            {
                throw new StoreException(
                    "store.start_failed",
                    $"The region's etcd does not come up: {problem} Its last words: {keeper.LastWords()}",
                    retryable: true
                );
            }
            await Task.Delay(Poll, time, cancellationToken);
        }
        await GuardAsync(() =>
            EtcdAuthentication.EnsureAsync(connection, files.RootPassword(), cancellationToken)
        );
        LogServing(options.Endpoint);
    }

    public async Task<StoreAccess> EnsureUserAsync(
        Owner owner,
        string cluster,
        string password,
        CancellationToken cancellationToken
    )
    {
        var prefix = StoreKeys.Prefix(cluster);
        // The owner first: a user without one would be an orphan to the inventory if we were killed in between.
        files.Remember(cluster, owner);
        await GuardAsync(async () =>
        {
            await EnsureRoleAsync(cluster, prefix, cancellationToken);
            await EnsurePasswordAsync(new(cluster, password), cancellationToken);
            await session.Value.CallAsync(
                "/v3/auth/user/grant",
                new(cluster, cluster),
                StoreJson.Default.EtcdGrantRole,
                cancellationToken
            );
        });
        LogUserEnsured(cluster);
        return new()
        {
            Endpoints = { options.Endpoint },
            User = cluster,
            Prefix = prefix,
            CaPem = await File.ReadAllTextAsync(options.AuthorityFile, cancellationToken),
        };
    }

    public async Task<bool> RemoveUserAsync(string cluster, CancellationToken cancellationToken)
    {
        var prefix = StoreKeys.Prefix(cluster);
        var existed = false;
        await GuardAsync(async () =>
        {
            // The user goes first: a Patroni that still runs must not write its keys again after they were removed.
            existed |=
                await session.Value.EnsureAsync(
                    "/v3/auth/user/delete",
                    new(cluster),
                    StoreJson.Default.EtcdName,
                    cancellationToken
                )
                    is not null;
            existed |=
                await session.Value.EnsureAsync(
                    "/v3/auth/role/delete",
                    new(cluster),
                    StoreJson.Default.EtcdRole,
                    cancellationToken
                )
                    is not null;
            var removed = await session.Value.CallAsync(
                "/v3/kv/deleterange",
                new(Encoding.UTF8.GetBytes(prefix), StoreKeys.RangeEnd(prefix)),
                StoreJson.Default.EtcdRange,
                cancellationToken
            );
            existed |= removed.Deleted is not null and not "0";
        });
        files.Forget(cluster);
        LogUserRemoved(cluster, existed);
        return existed;
    }

    public async Task<IReadOnlyList<InventoryItem>> ListAsync(CancellationToken cancellationToken)
    {
        var items = new List<InventoryItem>();
        await GuardAsync(async () =>
        {
            var answer = await session.Value.CallAsync(
                "/v3/auth/user/list",
                new(),
                StoreJson.Default.EtcdEmpty,
                cancellationToken
            );
            foreach (var user in (answer.Users ?? []).Where(user => user != StoreKeys.Root))
            {
                items.Add(await DescribeAsync(user, cancellationToken));
            }
        });
        return items;
    }

    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            var health = await connection.HealthAsync(cancellationToken);
            return health.Health == "true" ? null : $"etcd says: {health.Reason}.";
        }
        catch (StoreException exception)
        {
            return exception.Message;
        }
        catch (EtcdRefusal refusal)
        {
            return $"etcd says: {refusal.Message}.";
        }
    }

    public void TakeCertificate() => files.Prepare();

    public Task StopAsync(CancellationToken cancellationToken) =>
        keeper.StopAsync(Grace, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await keeper.DisposeAsync();
        connection.Dispose();
    }

    private async Task EnsureRoleAsync(
        string cluster,
        string prefix,
        CancellationToken cancellationToken
    )
    {
        await session.Value.EnsureAsync(
            "/v3/auth/role/add",
            new(cluster),
            StoreJson.Default.EtcdName,
            cancellationToken
        );
        await session.Value.CallAsync(
            "/v3/auth/role/grant",
            new(
                cluster,
                new("READWRITE", Encoding.UTF8.GetBytes(prefix), StoreKeys.RangeEnd(prefix))
            ),
            StoreJson.Default.EtcdGrantPermission,
            cancellationToken
        );
    }

    /// <summary>Sets the password only where it differs: a change ends the tokens of a Patroni that runs.</summary>
    private async Task EnsurePasswordAsync(
        EtcdCredentials user,
        CancellationToken cancellationToken
    )
    {
        var added = await session.Value.EnsureAsync(
            "/v3/auth/user/add",
            user,
            StoreJson.Default.EtcdCredentials,
            cancellationToken
        );
        if (added is not null)
        {
            return;
        }
        try
        {
            await connection.PostAsync(
                "/v3/auth/authenticate",
                user,
                StoreJson.Default.EtcdCredentials,
                null,
                cancellationToken
            );
        }
        catch (EtcdRefusal refusal) when (refusal.WrongPassword)
        {
            await session.Value.CallAsync(
                "/v3/auth/user/changepw",
                user,
                StoreJson.Default.EtcdCredentials,
                cancellationToken
            );
        }
    }

    private async Task<InventoryItem> DescribeAsync(
        string user,
        CancellationToken cancellationToken
    )
    {
        var prefix = $"/dbaas/{user}/";
        var keys = await session.Value.CallAsync(
            "/v3/kv/range",
            new(Encoding.UTF8.GetBytes(prefix), StoreKeys.RangeEnd(prefix), CountOnly: true),
            StoreJson.Default.EtcdRange,
            cancellationToken
        );
        return new()
        {
            Kind = "store-user",
            Name = user,
            Owner = files.OwnerOf(user),
            Detail = string.Create(
                CultureInfo.InvariantCulture,
                $"{keys.Count ?? "0"} keys below {prefix}"
            ),
        };
    }

    private static async Task GuardAsync(Func<Task> calls)
    {
        try
        {
            await calls();
        }
        catch (EtcdRefusal refusal)
        {
            throw new StoreException(
                "store.refused",
                $"The region's etcd refused: {refusal.Message}.",
                retryable: true,
                refusal
            );
        }
    }
}
