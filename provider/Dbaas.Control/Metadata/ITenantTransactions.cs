using Dbaas.Control.Ids;
using Npgsql;

namespace Dbaas.Control.Metadata;

/// <summary>The way to the rows of one tenant. Thread-safe.</summary>
internal interface ITenantTransactions
{
    /// <summary>
    /// Opens a transaction (read committed) as dbaas_app with <c>dbaas.tenant</c> set for it. Use <c>await using</c>, and commit.
    /// </summary>
    /// <exception cref="NpgsqlException">PostgreSQL is away; the pipeline answers 503.</exception>
    Task<TenantTransaction> BeginAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>
    /// Runs queries that see one moment (repeatable read, read only), from begin to commit in a single trip to the database. For answers
    /// that many ask for: a transaction by hand costs three trips more.
    /// </summary>
    /// <param name="tenant">Whose rows the queries see.</param>
    /// <param name="queries">Each with one result.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The results in order, the first after <see cref="TenantReading.NextAsync"/>; dispose it.</returns>
    /// <exception cref="NpgsqlException">PostgreSQL is away; the pipeline answers 503.</exception>
    Task<TenantReading> ReadAsync(
        TenantId tenant,
        IEnumerable<NpgsqlBatchCommand> queries,
        CancellationToken cancellationToken
    );
}
