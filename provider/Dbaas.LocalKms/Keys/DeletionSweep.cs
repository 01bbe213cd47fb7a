using Dbaas.LocalKms.Grants;

namespace Dbaas.LocalKms.Keys;

/// <summary>Erases keys whose waiting time is over.</summary>
internal sealed partial class DeletionSweep(
    KeyStore keys,
    GrantStore grants,
    TimeProvider time,
    ILogger<DeletionSweep> logger
) : MinuteSweep(time, logger)
{
    private readonly ILogger<DeletionSweep> logger = logger;

    protected override async Task SweepAsync(CancellationToken cancellationToken)
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
}
