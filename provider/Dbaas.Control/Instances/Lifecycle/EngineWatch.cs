using System.Collections.Concurrent;
using Dbaas.Control.Ids;
using Dbaas.Control.Machines;
using Dbaas.Protocol.Agent;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>
/// Remembers since when an engine is down although its machine runs. The agent and its cluster manager bring an engine back by
/// themselves, so only one that stays down is the platform's business. A restart of this process forgets, which only makes it later.
/// </summary>
internal sealed class EngineWatch(AgentCalls agents, TimeProvider time)
{
    /// <summary>Between two looks at one instance: health is cheap, but there may be ten thousand.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    /// <summary>Longer than an ordinary restart by the cluster manager takes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<InstanceId, Sight> _seen = [];

    /// <summary>
    /// True once an agent has said for longer than <see cref="Patience"/> that its engine does not run. An agent that does not answer says
    /// nothing: databases serve without it. An engine that starts may be replaying its log for a long time and is left alone.
    /// </summary>
    public async Task<bool> IsDownAsync(InstanceParts parts, CancellationToken cancellationToken)
    {
        var id = parts.Instance.InstanceId;
        var now = time.GetUtcNow();
        var sight = _seen.GetValueOrDefault(id) ?? new Sight(DateTimeOffset.MinValue, null, null);
        if (sight.LookedAt > now)
        {
            // The clock went back: what was seen "later" says nothing of how long ago it was.
            sight = sight with
            {
                LookedAt = DateTimeOffset.MinValue,
                DownSince = null,
            };
        }

        if (now - sight.LookedAt >= s_pause)
        {
            var health = await WorstAsync(parts, cancellationToken);
            sight = new Sight(
                now,
                IsDown(health) switch
                {
                    true => sight.DownSince ?? now,
                    false => null,
                    null => sight.DownSince,
                },
                health ?? sight.Health
            );
            _seen[id] = sight;
        }

        return sight.DownSince is { } since && now - since >= Patience;
    }

    /// <summary>What an instance's agent said last: of the member that is worst off; null before it has said anything.</summary>
    public AgentHealth? HealthOf(InstanceId instance) => _seen.GetValueOrDefault(instance)?.Health;

    /// <summary>Begins anew, after something was done about it.</summary>
    public void Forget(InstanceId instance) => _seen.TryRemove(instance, out _);

    /// <summary>Lets go of instances that are gone, stopped or under change.</summary>
    public void KeepOnly(IReadOnlySet<InstanceId> instances)
    {
        foreach (var id in _seen.Keys.Where(id => !instances.Contains(id)))
        {
            _seen.TryRemove(id, out _);
        }
    }

    private static bool? IsDown(AgentHealth? health) =>
        health is null ? null : health.Engine is "absent" or "stopped" or "failed";

    private async Task<AgentHealth?> WorstAsync(
        InstanceParts parts,
        CancellationToken cancellationToken
    )
    {
        AgentHealth? worst = null;
        List<AgentHappening> happened = [];
        try
        {
            foreach (var member in parts.ToState().Members)
            {
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(
                    cancellationToken
                );
                deadline.CancelAfter(s_deadline);
                var health = await agents.HealthAsync(
                    parts.Instance.Region,
                    member,
                    deadline.Token
                );
                if (IsDown(health) == true)
                {
                    return health;
                }

                happened.AddRange(health.Happened);

                if (worst is null || worst.Failure.Length == 0)
                {
                    worst = health;
                }
            }

            // What befell a member that is well now is no less so.
            return worst is null
                ? null
                : worst with
                {
                    Happened = [.. happened.OrderBy(happening => happening.At)],
                };
        }
        catch (Exception exception)
            when (exception is MachineDriverException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            return null;
        }
    }

    private sealed record Sight(
        DateTimeOffset LookedAt,
        DateTimeOffset? DownSince,
        AgentHealth? Health
    );
}
