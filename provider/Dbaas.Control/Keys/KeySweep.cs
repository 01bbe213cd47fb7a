using Amazon.KeyManagementService.Model;
using Dbaas.Control.Composition;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Dbaas.Control.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Keys;

/// <summary>
/// Every ten seconds, and when woken: makes the default keys that are missing (one a tenant and region) and writes down the state of those
/// that are there. Same state, same result; what fails now is left to the next turn.
/// </summary>
internal sealed partial class KeySweep(
    IPlatformTransactions platform,
    IKeyServices services,
    StaleGrants grants,
    IOptions<ControlOptions> options,
    TimeProvider time,
    ILogger<KeySweep> logger
) : BackgroundService, IDefaultKeys
{
    /// <summary>What aliases of default keys begin with; the region follows.</summary>
    public const string DefaultAlias = "default-";

    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(10);

    /// <summary>Questions under way at one key service; a thousand keys then take seconds, and the service keeps room for decryption.</summary>
    private const int KeysAtOnce = 8;

    private readonly SemaphoreSlim _wake = new(0, 1);

    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // already awake
        }
    }

    /// <summary>One turn.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        List<TenantId> tenants;
        List<CustomerKeyRow> keys;
        await using (var transaction = await platform.BeginAsync(cancellationToken))
        {
            tenants = await transaction
                .Db.Set<TenantRow>()
                .Select(tenant => tenant.TenantId)
                .ToListAsync(cancellationToken);
            keys = await transaction
                .Db.Set<CustomerKeyRow>()
                .AsNoTracking()
                .ToListAsync(cancellationToken);
        }

        // Each region on its own: one whose key service hangs must not keep the others from noticing a key that was taken away.
        await Task.WhenAll(
            options.Value.Regions.Select(region =>
                SweepRegionAsync(region.Name, tenants, keys, cancellationToken)
            )
        );
    }

    private async Task SweepRegionAsync(
        string region,
        IReadOnlyList<TenantId> tenants,
        IReadOnlyList<CustomerKeyRow> keys,
        CancellationToken cancellationToken
    )
    {
        var here = keys.Where(key => key.Region == region).ToList();
        var staleGrants = grants.IsDue(region);
        var served = here.Where(key => key.IsDefault).Select(key => key.TenantId).ToHashSet();
        foreach (var tenant in tenants.Where(tenant => !served.Contains(tenant)))
        {
            try
            {
                await MakeAsync(tenant, region, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One tenant must keep neither the others from their keys nor anybody's key from being looked at.
                LogFailed(e);
            }
        }

        await Parallel.ForEachAsync(
            here,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = KeysAtOnce,
                CancellationToken = cancellationToken,
            },
            async (key, token) =>
            {
                var state = await KeyStates.OfAsync(services, key, token);
                if (state != key.State)
                {
                    await WriteStateAsync(key, state, token);
                }

                if (staleGrants && state == "enabled")
                {
                    await grants.RetireStaleAsync(key, token);
                }
            }
        );
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Also a call that ran into its own deadline: that is a cancellation too, and would end the whole service.
                LogFailed(e);
            }

            await _wake.WaitAsync(s_turn, stoppingToken);
        }
    }

    private async Task MakeAsync(
        TenantId tenant,
        string region,
        CancellationToken cancellationToken
    )
    {
        // The lock keeps a second silo from making a second key, which nobody would ever use or find.
        await using var transaction = await platform.BeginAsync(cancellationToken);
        await using (
            var guard = transaction.Command(
                "SELECT pg_advisory_xact_lock(hashtext('dbaas-default-key'), hashtext($1))",
                new Npgsql.NpgsqlParameter { Value = tenant.ToString() + region }
            )
        )
        {
            await guard.ExecuteNonQueryAsync(cancellationToken);
        }

        if (
            await transaction
                .Db.Set<CustomerKeyRow>()
                .AnyAsync(
                    key => key.TenantId == tenant && key.Region == region && key.IsDefault,
                    cancellationToken
                )
        )
        {
            return;
        }

        var id = TypedId.New<KeyId>(time);
        var alias = DefaultAlias + region;
        if (
            await transaction
                .Db.Set<CustomerKeyRow>()
                .AnyAsync(key => key.TenantId == tenant && key.Alias == alias, cancellationToken)
        )
        {
            // Registered by the tenant when such names were still free.
            alias = $"{alias}-{id.ToString()[^8..]}";
        }

        try
        {
            var made = await services
                .Of(region)
                .CreateKeyAsync(
                    new CreateKeyRequest { Description = $"{tenant} default key in {region}" },
                    cancellationToken
                );
            transaction.Db.Add(
                new CustomerKeyRow
                {
                    KeyId = id,
                    TenantId = tenant,
                    Alias = alias,
                    Arn = made.KeyMetadata.Arn,
                    Endpoint = services.EndpointOf(region)!,
                    Region = region,
                    IsDefault = true,
                    State = "enabled",
                    CreatedAt = time.GetUtcNow(),
                }
            );
            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception e) when (KeyServiceFailure.Is(e))
        {
            LogUnreachable(region, tenant.ToString(), e.Message);
        }
    }

    private async Task WriteStateAsync(
        CustomerKeyRow key,
        string state,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await platform.BeginAsync(cancellationToken);
        await transaction
            .Db.Set<CustomerKeyRow>()
            .Where(row => row.KeyId == key.KeyId)
            .ExecuteUpdateAsync(
                row =>
                    row.SetProperty(k => k.State, state)
                        .SetProperty(k => k.Version, k => k.Version + 1),
                cancellationToken
            );
        await transaction.CommitAsync(cancellationToken);
        LogState(key.KeyId.ToString(), key.State, state);
    }

    [LoggerMessage(1301, LogLevel.Warning, "The key sweep failed; the next turn tries again")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(1302, LogLevel.Warning, "No default key in {Region} for {Tenant} yet: {Reason}")]
    private partial void LogUnreachable(string region, string tenant, string reason);

    [LoggerMessage(1303, LogLevel.Information, "Key {Key} was {Before} and is {After}")]
    private partial void LogState(string key, string before, string after);
}
