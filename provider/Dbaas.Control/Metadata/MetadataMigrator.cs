using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Dbaas.Control.Metadata;

/// <summary>
/// Waits for PostgreSQL, makes the two working roles where they are missing and applies migrations. Runs before anything else starts;
/// several silos may run it at once (EF Core holds a lock while migrating).
/// </summary>
internal sealed partial class MetadataMigrator(
    MetadataConnections connections,
    IOptions<MetadataOptions> options,
    TimeProvider time,
    ILogger<MetadataMigrator> logger
)
{
    /// <exception cref="InvalidOperationException">PostgreSQL did not answer in time.</exception>
    public Task MigrateAsync(CancellationToken cancellationToken) =>
        MigrateAsync(target: null, cancellationToken);

    /// <param name="target">Where to stop; null for the newest. Tests try a migration on what the version before left.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task MigrateAsync(string? target, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await EnsureRolesAsync(connection, cancellationToken);
        await using var context = MetadataTransactions.CreateContext(connection);
        var pending = (
            await context.Database.GetPendingMigrationsAsync(cancellationToken)
        ).ToArray();
        if (pending.Length > 0)
        {
            LogMigrating(string.Join(", ", pending));
            await context.Database.MigrateAsync(target, cancellationToken);
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow().AddSeconds(options.Value.StartTimeoutSeconds);
        while (true)
        {
            try
            {
                return await connections.Owner.OpenConnectionAsync(cancellationToken);
            }
            catch (NpgsqlException e) when (e.IsTransient || e is not PostgresException)
            {
                if (time.GetUtcNow() > deadline)
                {
                    throw new InvalidOperationException(
                        "The metadata PostgreSQL did not answer. Check that it runs and that the settings below 'metadata' are right.",
                        e
                    );
                }

                LogWaiting(e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancellationToken);
            }
        }
    }

    private static async Task EnsureRolesAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        // On a managed PostgreSQL the administrator may have made the roles; then the owner needs no right to create any.
        await using var command = new NpgsqlCommand(
            """
            DO $$
            DECLARE wanted text;
            BEGIN
              FOREACH wanted IN ARRAY ARRAY['dbaas_app', 'dbaas_platform'] LOOP
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                  BEGIN
                    EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION', wanted);
                  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another silo was faster
                  END;
                END IF;
                EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', wanted);
              END LOOP;
            END $$
            """,
            connection
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(1001, LogLevel.Information, "Applying metadata migrations {Migrations}")]
    private partial void LogMigrating(string migrations);

    [LoggerMessage(1002, LogLevel.Warning, "Waiting for the metadata PostgreSQL: {Reason}")]
    private partial void LogWaiting(string reason);
}
