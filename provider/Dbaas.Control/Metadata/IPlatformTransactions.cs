namespace Dbaas.Control.Metadata;

/// <summary>
/// The way across tenants: authentication, capacity, sweeps, hosts. Code that acts for one tenant uses
/// <see cref="ITenantTransactions"/>; a create that must add up all tenants' capacity under a lock runs here as a whole. Thread-safe.
/// </summary>
internal interface IPlatformTransactions
{
    /// <summary>Opens a transaction (read committed) as dbaas_platform. Use <c>await using</c>, and commit.</summary>
    /// <exception cref="Npgsql.NpgsqlException">PostgreSQL is away; the pipeline answers 503.</exception>
    Task<PlatformTransaction> BeginAsync(CancellationToken cancellationToken);

    /// <summary>As <see cref="BeginAsync"/>, but all its queries see one moment (repeatable read).</summary>
    Task<PlatformTransaction> BeginSnapshotAsync(CancellationToken cancellationToken);
}
