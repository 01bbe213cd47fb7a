using Dbaas.Control.Ids;
using Npgsql;

namespace Dbaas.Control.Operations;

/// <content>Who works on an operation.</content>
internal sealed partial class OperationStore
{
    /// <summary>Takes the operation for this silo. False when another one works on it, or it has ended.</summary>
    public async Task<bool> ClaimAsync(
        TenantId tenant,
        OperationId operation,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
        // The database's clock judges claims: two silos' own clocks may differ by more than a claim lasts.
        await using var command = transaction.Command(
            """
            UPDATE operation
            SET claimed_by = $2, claim_expires_at = now() + make_interval(secs => $3)
            WHERE operation_id = $1 AND finished_at IS NULL
              AND (claimed_by IN ('', $2) OR claim_expires_at IS NULL OR claim_expires_at < now())
            """,
            new NpgsqlParameter { Value = operation.ToString() },
            new NpgsqlParameter { Value = silo.Claim },
            new NpgsqlParameter { Value = (double)options.Value.ClaimSeconds }
        );
        var claimed = await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        await transaction.CommitAsync(cancellationToken);
        return claimed;
    }

    /// <summary>False when the claim is lost: whoever works on the operation must stop at once.</summary>
    public async Task<bool> RenewAsync(
        TenantId tenant,
        OperationId operation,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
        await using var command = transaction.Command(
            """
            UPDATE operation SET claim_expires_at = now() + make_interval(secs => $3)
            WHERE operation_id = $1 AND claimed_by = $2
            """,
            new NpgsqlParameter { Value = operation.ToString() },
            new NpgsqlParameter { Value = silo.Claim },
            new NpgsqlParameter { Value = (double)options.Value.ClaimSeconds }
        );
        var kept = await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        await transaction.CommitAsync(cancellationToken);
        return kept;
    }

    /// <summary>Gives the operation back to whoever can work on it.</summary>
    public async Task ReleaseAsync(
        TenantId tenant,
        OperationId operation,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
        await using var command = transaction.Command(
            "UPDATE operation SET claimed_by = '', claim_expires_at = NULL WHERE operation_id = $1 AND claimed_by = $2",
            new NpgsqlParameter { Value = operation.ToString() },
            new NpgsqlParameter { Value = silo.Claim }
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Frees what a dead process at this very place had claimed; called once at start.</summary>
    public async Task<int> FreeOwnPastClaimsAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await platform.BeginAsync(cancellationToken);
        await using var command = transaction.Command(
            """
            UPDATE operation SET claimed_by = '', claim_expires_at = NULL
            WHERE finished_at IS NULL AND starts_with(claimed_by, $1) AND claimed_by <> $2
            """,
            new NpgsqlParameter { Value = silo.Place + "@" },
            new NpgsqlParameter { Value = silo.Claim }
        );
        var freed = await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return freed;
    }
}
