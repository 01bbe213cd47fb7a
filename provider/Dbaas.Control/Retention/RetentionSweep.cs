using Dbaas.Control.Metadata;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Dbaas.Control.Retention;

/// <summary>
/// Deletes what has outlived its use: answers that are replayed no longer, leases that ran out, progress of steps. Without it these
/// tables would grow with every request. Several silos may run it; each row is deleted once.
/// </summary>
internal sealed partial class RetentionSweep(
    IPlatformTransactions platform,
    IOptions<RetentionOptions> options,
    TimeProvider time,
    ILogger<RetentionSweep> logger
) : BackgroundService
{
    private const string Answers = """
        DELETE FROM idempotency_record WHERE (tenant_id, principal_id, key) IN
          (SELECT tenant_id, principal_id, key FROM idempotency_record WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)
        """;

    // The same hour for which a lease is kept after its end tells who held it last.
    private const string Leases = """
        DELETE FROM run_lease WHERE (tenant_id, resource_id, run_id) IN
          (SELECT tenant_id, resource_id, run_id FROM run_lease WHERE expires_at < $1 - interval '1 hour' LIMIT $2)
        """;

    private const string Progress = "SELECT dbaas_forget_progress($1, $2)";

    /// <returns>How many rows are gone.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await DeleteAsync(Answers, now, cancellationToken)
            + await DeleteAsync(Leases, now, cancellationToken)
            + await DeleteAsync(
                Progress,
                now.AddDays(-options.Value.ProgressDays),
                cancellationToken
            );
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(options.Value.PauseMinutes), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    LogForgotten(await SweepAsync(stoppingToken));
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(exception.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service ends.
        }
    }

    private async Task<int> DeleteAsync(
        string sql,
        DateTimeOffset before,
        CancellationToken cancellationToken
    )
    {
        var all = 0;
        int deleted;
        do
        {
            await using var transaction = await platform.BeginAsync(cancellationToken);
            await using var command = transaction.Command(
                sql,
                new NpgsqlParameter { Value = before },
                new NpgsqlParameter { Value = options.Value.BatchRows }
            );
            deleted =
                sql == Progress
                    ? (int)(await command.ExecuteScalarAsync(cancellationToken))!
                    : await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            all += deleted;
        } while (deleted == options.Value.BatchRows);

        return all;
    }

    [LoggerMessage(3301, LogLevel.Debug, "Forgot {Rows} rows that had outlived their use")]
    private partial void LogForgotten(int rows);

    [LoggerMessage(3302, LogLevel.Warning, "Forgetting old rows failed: {Reason}")]
    private partial void LogFailed(string reason);
}
