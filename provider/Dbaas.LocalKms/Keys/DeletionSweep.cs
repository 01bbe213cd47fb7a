using Dbaas.LocalKms.Grants;

namespace Dbaas.LocalKms.Keys;

/// <summary>Erases keys whose waiting time is over, once a minute.</summary>
internal sealed partial class DeletionSweep(
    KeyStore keys,
    GrantStore grants,
    TimeProvider time,
    ILogger<DeletionSweep> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (IOException exception)
            {
                LogPostponed(exception);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var key in keys.Due())
        {
            foreach (var grant in grants.OfKey(key.KeyId).ToList())
            {
                await grants.RemoveAsync(grant.GrantId, cancellationToken);
            }

            await keys.EraseAsync(key, cancellationToken);
            LogErased(key.Arn);
        }
    }

    [LoggerMessage(7201, LogLevel.Warning, "Erased key {Key}: its waiting time is over")]
    private partial void LogErased(string key);

    [LoggerMessage(
        7202,
        LogLevel.Error,
        "Keys that are due could not be erased; next try in a minute"
    )]
    private partial void LogPostponed(Exception exception);
}
