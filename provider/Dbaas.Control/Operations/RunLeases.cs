using Dbaas.Control.Identity;
using Dbaas.Control.Metadata;
using Npgsql;

namespace Dbaas.Control.Operations;

/// <summary>
/// Which runs of tools are at work on a resource (promise 3). A lease lasts 15 seconds from the last request of the run, so that a
/// killed run is forgotten quickly and a living one is never robbed.
/// </summary>
internal sealed class RunLeases(ITenantTransactions tenants)
{
    public const int Seconds = 15;

    /// <summary>Does nothing for callers without a run id.</summary>
    public async Task RenewAsync(
        Caller caller,
        string resourceId,
        CancellationToken cancellationToken
    )
    {
        if (caller.RunId.Length == 0)
        {
            return;
        }

        await using var transaction = await tenants.BeginAsync(caller.Tenant, cancellationToken);
        await RenewAsync(transaction, caller, resourceId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public static async Task RenewAsync(
        MetadataTransaction transaction,
        Caller caller,
        string resourceId,
        CancellationToken cancellationToken
    )
    {
        if (caller.RunId.Length == 0)
        {
            return;
        }

        await using var command = transaction.Command(
            """
            INSERT INTO run_lease (tenant_id, run_id, resource_id, principal_id, client_kind, expires_at)
            VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))
            ON CONFLICT (tenant_id, resource_id, run_id) DO UPDATE SET expires_at = excluded.expires_at
            """,
            new NpgsqlParameter { Value = caller.Tenant.ToString() },
            new NpgsqlParameter { Value = caller.RunId },
            new NpgsqlParameter { Value = resourceId },
            new NpgsqlParameter { Value = caller.Principal.ToString() },
            new NpgsqlParameter { Value = caller.ClientKind },
            new NpgsqlParameter { Value = (double)Seconds }
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Whether a run other than the caller's is at work on the resource now.</summary>
    public static async Task<bool> HeldByOtherAsync(
        MetadataTransaction transaction,
        Caller caller,
        string resourceId,
        CancellationToken cancellationToken
    )
    {
        await using var command = transaction.Command(
            """
            SELECT EXISTS (SELECT FROM run_lease
              WHERE tenant_id = $1 AND resource_id = $2 AND run_id <> $3 AND expires_at > now())
            """,
            new NpgsqlParameter { Value = caller.Tenant.ToString() },
            new NpgsqlParameter { Value = resourceId },
            new NpgsqlParameter { Value = caller.RunId }
        );
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
