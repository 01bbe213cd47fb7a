using System.Collections.Concurrent;
using Amazon.KeyManagementService.Model;

namespace Dbaas.Control.Keys;

/// <summary>
/// Grants do not run out by themselves. One that could not be retired when its volume was open (the process was killed, the key service was
/// away) would let hosts decrypt that volume's data key for ever, so every hour all that are too old to be in use are retired.
/// </summary>
internal sealed partial class StaleGrants(
    IKeyServices services,
    TimeProvider time,
    ILogger<StaleGrants> logger
)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromHours(1);

    /// <summary>Opening a volume takes a minute at most, clocks of two machines may differ.</summary>
    private static readonly TimeSpan s_life = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _looked = new(
        StringComparer.Ordinal
    );

    /// <summary>Whether the keys of the region are to be looked at in this turn; true once an hour, and in the first turn of a process.</summary>
    public bool IsDue(string region)
    {
        var now = time.GetUtcNow();
        if (_looked.TryGetValue(region, out var last) && now - last < s_pause)
        {
            return false;
        }

        _looked[region] = now;
        return true;
    }

    /// <summary>Retires what hosts were granted long ago. A key service that does not answer is asked again an hour later.</summary>
    public async Task RetireStaleAsync(CustomerKeyRow key, CancellationToken cancellationToken)
    {
        try
        {
            var before = time.GetUtcNow().UtcDateTime - s_life;
            string? marker = null;
            do
            {
                var page = await services
                    .Of(key.Region)
                    .ListGrantsAsync(
                        new ListGrantsRequest
                        {
                            KeyId = key.Arn,
                            GranteePrincipal = services.HostPrincipalOf(key.Region),
                            Marker = marker,
                        },
                        cancellationToken
                    );
                foreach (
                    var grant in page.Grants?.Where(grant => grant.CreationDate < before) ?? []
                )
                {
                    await services
                        .Of(key.Region)
                        .RetireGrantAsync(
                            new RetireGrantRequest { KeyId = key.Arn, GrantId = grant.GrantId },
                            cancellationToken
                        );
                    LogRetired(grant.GrantId, key.KeyId.ToString());
                }

                marker = page.Truncated is true ? page.NextMarker : null;
            } while (marker is not null);
        }
        catch (Exception e) when (KeyServiceFailure.Is(e))
        {
            LogLeft(key.KeyId.ToString(), e.Message);
        }
    }

    [LoggerMessage(
        1304,
        LogLevel.Warning,
        "Retired the grant {Grant} of {Key}, which nobody had ended"
    )]
    private partial void LogRetired(string grant, string key);

    [LoggerMessage(1305, LogLevel.Information, "Grants of {Key} could not be looked at: {Reason}")]
    private partial void LogLeft(string key, string reason);
}
