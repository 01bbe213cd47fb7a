using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Machines;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>
/// Compares what should run with what runs, and starts the difference: after a power cut every database comes back, and so does an
/// engine that stays down in a machine that runs. Also brings changes that waited for their maintenance window. Takes no input and does the same for the same state; what fails is left to the next turn.
/// Several silos may run it: the operation is written under the instance's version, so only one wins.
/// </summary>
internal sealed partial class Reconciler(
    IPlatformTransactions platform,
    MachineDrivers drivers,
    EngineWatch engines,
    InstanceConditions conditions,
    HostSilence silence,
    PlatformOperations operations,
    TimeProvider time,
    ILogger<Reconciler> logger
) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_observeDeadline = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Instances of one turn. All of a small installation are looked at in each; ten thousand take ten turns, half a minute, instead of
    /// a core.
    /// </summary>
    public const int Turn = 1000;

    private static readonly TimeSpan s_tellEvery = TimeSpan.FromMinutes(1);
    private readonly HashSet<InstanceId> _round = [];
    private DateTimeOffset _told;
    private TimeSpan _spent;
    private int _looked;
    private string _after = "";

    /// <summary>What must be done about one instance; pure.</summary>
    /// <param name="row">The instance.</param>
    /// <param name="running">Whether its machines run and no engine in them is known to stay down.</param>
    /// <param name="now">The time.</param>
    /// <returns>A kind of operation, or null.</returns>
    public static string? Decide(InstanceRow row, bool running, DateTimeOffset now)
    {
        if (
            row.OperationId is not null
            || !row.ShouldRun
            || row.Status != InstanceStatuses.Available
        )
        {
            return null;
        }

        if (!running)
        {
            return InstanceKinds.Recover;
        }

        return
            row.Pending.Any(change => change.DueAt is not null)
            && MaintenanceWindows.OpenSince(row.Spec.MaintenanceWindow, now) is not null
            ? InstanceKinds.Update
            : null;
    }

    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        var instances = await NextAsync(cancellationToken);
        silence.Begin();
        await Parallel.ForEachAsync(
            instances,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = 8,
                CancellationToken = cancellationToken,
            },
            async (parts, token) =>
            {
                var running = await RunningAsync(parts, token);
                if (
                    running is { } known
                    && Decide(parts.Instance, known, time.GetUtcNow()) is { } kind
                )
                {
                    await StartAsync(parts.Instance, kind, token);
                }
                else
                {
                    await silence.TellAsync(parts, token);
                }
            }
        );
    }

    /// <summary>The instances of this turn, in the order of their ids, with all of their rows.</summary>
    private async Task<IReadOnlyList<InstanceParts>> NextAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<InstanceParts> instances;
        await using (var transaction = await platform.BeginAsync(cancellationToken))
        {
            // Typed ids have no order in LINQ.
            var rows = await transaction
                .Db.Set<InstanceRow>()
                .FromSql(
                    $"""
                    SELECT * FROM instance WHERE instance_id > {_after} AND deleted_at IS NULL AND operation_id IS NULL AND should_run
                      AND status = {InstanceStatuses.Available} ORDER BY instance_id LIMIT {Turn}
                    """
                )
                .AsNoTracking()
                .ToListAsync(cancellationToken);
            instances = await InstanceStore.PartsAsync(transaction, rows, cancellationToken);
            _after = rows.Count == Turn ? rows[^1].InstanceId.ToString() : "";
        }

        _looked += instances.Count;
        _round.UnionWith(instances.Select(parts => parts.Instance.InstanceId));
        if (_after.Length == 0)
        {
            engines.KeepOnly(_round);
            conditions.Prune();
            _round.Clear();
        }

        return instances;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_pause, time);
        while (
            await timer
                .WaitForNextTickAsync(stoppingToken)
                .AsTask()
                .ContinueWith(
                    tick => tick is { IsCompletedSuccessfully: true, Result: true },
                    TaskScheduler.Default
                )
        )
        {
            var began = time.GetTimestamp();
            try
            {
                await ReconcileAsync(stoppingToken);
                Tell(time.GetElapsedTime(began));
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(exception.Message);
            }
        }
    }

    /// <summary>Once a minute, at the end of a round: how many instances there are and what it cost to look at them all.</summary>
    private void Tell(TimeSpan turn)
    {
        _spent += turn;
        if (_after.Length > 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        if (now - _told >= s_tellEvery)
        {
            _told = now;
            LogRound(_looked, _spent.TotalMilliseconds);
        }

        (_looked, _spent) = (0, TimeSpan.Zero);
    }

    /// <summary>Null when the host does not answer: nothing is concluded from silence.</summary>
    private async Task<bool?> RunningAsync(InstanceParts parts, CancellationToken cancellationToken)
    {
        try
        {
            var kills = 0L;
            foreach (var machine in parts.Machines)
            {
                if (silence.IsSilent(machine.HostId))
                {
                    return null; // asked for another instance a moment ago
                }

                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(
                    cancellationToken
                );
                deadline.CancelAfter(s_observeDeadline);
                var status = await silence.WatchAsync(
                    machine.HostId,
                    () =>
                        drivers
                            .For(machine.Region)
                            .ObserveMachineAsync(
                                machine.HostId,
                                new Protocol.Host.ObserveMachineRequest
                                {
                                    MachineId = machine.MachineId.ToString(),
                                },
                                deadline.Token
                            )
                );
                kills += status.OomKills;
                if (status.State is "created" or "stopped")
                {
                    return false;
                }
            }

            var down = await engines.IsDownAsync(parts, cancellationToken);
            await conditions.TellAsync(
                parts.Instance,
                engines.HealthOf(parts.Instance.InstanceId),
                kills,
                cancellationToken
            );
            return !down;
        }
        catch (Exception exception)
            when (exception is MachineDriverException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            return null;
        }
    }

    private async Task StartAsync(
        InstanceRow seen,
        string kind,
        CancellationToken cancellationToken
    )
    {
        if (await operations.BeginAsync(seen, kind, reason: "", cancellationToken))
        {
            engines.Forget(seen.InstanceId);
            LogStarted(kind, seen.InstanceId);
        }
    }

    [LoggerMessage(
        3201,
        LogLevel.Warning,
        "{Kind} of {Instance}: it should run as desired and does not"
    )]
    private partial void LogStarted(string kind, InstanceId instance);

    [LoggerMessage(
        3203,
        LogLevel.Information,
        "Reconciling looked at {Instances} instances in {Milliseconds:0} ms"
    )]
    private partial void LogRound(int instances, double milliseconds);

    [LoggerMessage(3202, LogLevel.Warning, "Reconciling failed: {Reason}")]
    private partial void LogFailed(string reason);
}
