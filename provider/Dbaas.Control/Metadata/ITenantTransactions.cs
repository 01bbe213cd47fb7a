using Dbaas.Control.Ids;

namespace Dbaas.Control.Metadata;

/// <summary>The way to the rows of one tenant. Thread-safe.</summary>
internal interface ITenantTransactions
{
    /// <summary>
    /// Opens a transaction (read committed) as dbaas_app with <c>dbaas.tenant</c> set for it. Use <c>await using</c>, and commit.
    /// </summary>
    /// <exception cref="Npgsql.NpgsqlException">PostgreSQL is away; the pipeline answers 503.</exception>
    Task<TenantTransaction> BeginAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="BeginAsync"/>, but all its queries see one moment (repeatable read): for answers made of several, whose rows may
    /// be deleted meanwhile.
    /// </summary>
    Task<TenantTransaction> BeginSnapshotAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    );
}
