using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Metadata;
using Dbaas.Control.Pki;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>
/// Renews the certificates of running instances after two thirds of their life: an instance that nobody changes for two years must not
/// stop being reachable one morning. A stopped one gets new ones with its start.
/// </summary>
internal sealed partial class CertificateRenewal(
    IPlatformTransactions platform,
    PlatformOperations operations,
    IOptions<CertificateOptions> options,
    TimeProvider time,
    ILogger<CertificateRenewal> logger
) : BackgroundService
{
    /// <summary>Instances of one round: all certificates of one night's creates must not be renewed in one minute.</summary>
    private const int Round = 20;

    /// <returns>How many renewals were begun.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        List<InstanceRow> due;
        await using (var transaction = await platform.BeginAsync(cancellationToken))
        {
            var now = time.GetUtcNow();
            due = await transaction
                .Db.Set<InstanceRow>()
                .FromSql(
                    $"""
                    SELECT * FROM instance i WHERE deleted_at IS NULL AND operation_id IS NULL AND should_run
                      AND status = {InstanceStatuses.Available} AND EXISTS (
                        SELECT FROM (SELECT i.instance_id AS owner, 'endpoint' AS kind
                          UNION ALL SELECT m.member_id, 'member' FROM member m WHERE m.instance_id = i.instance_id AND m.deleted_at IS NULL) o
                        WHERE NOT EXISTS (SELECT FROM certificate c WHERE c.owner_id = o.owner AND c.kind = o.kind
                          AND c.not_before + (c.not_after - c.not_before) * 2 / 3 > {now}))
                    ORDER BY instance_id LIMIT {Round}
                    """
                )
                .AsNoTracking()
                .ToListAsync(cancellationToken);
        }

        var begun = 0;
        foreach (var row in due)
        {
            if (await operations.RenewCertificatesAsync(row, cancellationToken))
            {
                begun++;
                LogBegun(row.InstanceId);
            }
        }

        return begun;
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
                    await SweepAsync(stoppingToken);
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

    [LoggerMessage(3221, LogLevel.Information, "Certificates of {Instance} are renewed")]
    private partial void LogBegun(InstanceId instance);

    [LoggerMessage(
        3222,
        LogLevel.Warning,
        "Looking for certificates that are due failed: {Reason}"
    )]
    private partial void LogFailed(string reason);
}
