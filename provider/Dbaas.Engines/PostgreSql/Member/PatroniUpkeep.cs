using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>
/// Follows Patroni in the background: notices when it holds the leader lock, and hands it the shared settings for its dynamic
/// configuration until it has taken them. No request waits for it, and the engine serves whether Patroni is there or not.
/// </summary>
internal sealed class PatroniUpkeep(TimeProvider time)
{
    private static readonly TimeSpan Eager = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private CancellationTokenSource? _stop;

    /// <summary>Whether this member held the leader lock when last asked, at most five seconds ago.</summary>
    public bool Managed { get; private set; }

    public void Follow(MemberSpec spec, IReadOnlyDictionary<string, string> settings)
    {
        lock (_gate)
        {
            _stop?.Cancel();
            _stop = new CancellationTokenSource();
            var json = PatroniConfiguration.Text(PatroniConfiguration.Dynamic(settings));
            _ = RunAsync(new PatroniApi(spec), json, _stop.Token);
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            _stop?.Cancel();
            _stop = null;
            Managed = false;
        }
    }

    private async Task RunAsync(
        PatroniApi patroni,
        string configuration,
        CancellationToken cancellationToken
    )
    {
        var handedOver = false;
        try
        {
            while (true)
            {
                Managed = await patroni.IsLeaderAsync(cancellationToken);
                if (Managed && !handedOver)
                {
                    handedOver = await patroni.PatchConfigurationAsync(
                        configuration,
                        cancellationToken
                    );
                }

                await Task.Delay(Managed && handedOver ? Calm : Eager, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Replaced by a newer specification, or the engine stops.
        }
    }
}
