using System.Collections.Concurrent;
using System.Globalization;
using Dbaas.Control.Audit;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Machines;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>
/// Says of instances whose host does not answer since when their state is unknown, and takes it back once it answers. Nothing else is
/// concluded from silence: the databases may serve perfectly well behind it.
/// </summary>
internal sealed class HostSilence(
    IPlatformTransactions platform,
    IEventWriter events,
    TimeProvider time
)
{
    /// <summary>A restart of a host's daemon is no news.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _since = [];
    private readonly ConcurrentDictionary<string, bool> _turn = [];

    /// <summary>A new turn: hosts that were silent in the one before are asked again, once.</summary>
    public void Begin() => _turn.Clear();

    /// <summary>Whether the host was asked in vain in this turn; asking for each of its instances would take minutes.</summary>
    public bool IsSilent(string host) => _turn.ContainsKey(host);

    /// <summary>Asks the host and remembers whether it answered, be it with a refusal.</summary>
    public async Task<TAnswer> WatchAsync<TAnswer>(string host, Func<Task<TAnswer>> ask)
    {
        try
        {
            var answer = await ask();
            _since.TryRemove(host, out _);
            return answer;
        }
        catch (Exception exception)
            when (exception is OperationCanceledException
                || exception is MachineDriverException { Retryable: true }
            )
        {
            _since.TryAdd(host, time.GetUtcNow());
            _turn[host] = true;
            throw;
        }
    }

    /// <summary>Writes into the instance what is known of its host, when that has changed.</summary>
    public async Task TellAsync(InstanceParts parts, CancellationToken cancellationToken)
    {
        DateTimeOffset? since = null;
        foreach (var machine in parts.Machines)
        {
            if (_since.TryGetValue(machine.HostId, out var one) && (since is null || one < since))
            {
                since = one;
            }
        }

        var said = StatusWords.Of(parts.Instance.StatusReason).Silence.Length > 0;
        var unknown = since is { } begun && time.GetUtcNow() - begun >= Patience;
        // After a restart of this process its own first attempt is no news: what was said before stays.
        if (unknown == said || (since is not null && said))
        {
            return;
        }

        var reason = unknown
            ? StatusWords.SilenceBegins
                + since!
                    .Value.ToUniversalTime()
                    .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
                + "; what the database does is unknown until it does."
            : "";
        await using var transaction = await platform.BeginAsync(cancellationToken);
        var row = await transaction
            .Db.Set<InstanceRow>()
            .SingleOrDefaultAsync(
                r =>
                    r.InstanceId == parts.Instance.InstanceId
                    && r.Version == parts.Instance.Version
                    && r.OperationId == null,
                cancellationToken
            );
        if (row is null)
        {
            return; // somebody was faster, and the next turn looks again
        }

        row.StatusReason = (StatusWords.Of(row.StatusReason) with { Silence = reason }).ToString();
        await events.AppendAsync(
            transaction,
            new EventDraft(
                unknown ? "instance.host_silent" : "instance.host_answers",
                unknown ? $"{row.Name}: {reason}" : $"{row.Name}: its host answers again."
            )
            {
                Severity = unknown ? "warning" : "info",
                ResourceId = row.InstanceId.ToString(),
                Tenant = row.TenantId,
            },
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
    }
}
