using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Machines;
using Dbaas.Control.Metadata;
using Dbaas.Control.Operations;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>
/// Compares what should run with what runs, and starts the difference: after a power cut every database comes back. Also brings changes
/// that waited for their maintenance window. Takes no input and does the same for the same state; what fails is left to the next turn.
/// Several silos may run it: the operation is written under the instance's version, so only one wins.
/// </summary>
internal sealed partial class Reconciler(
    IPlatformTransactions platform,
    MachineDrivers drivers,
    OperationStore operations,
    IOperationDispatcher dispatcher,
    TimeProvider time,
    ILogger<Reconciler> logger
) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_observeDeadline = TimeSpan.FromSeconds(3);

    /// <summary>What must be done about one instance; pure.</summary>
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
        List<InstanceParts> instances = [];
        await using (var transaction = await platform.BeginAsync(cancellationToken))
        {
            var rows = await transaction
                .Db.Set<InstanceRow>()
                .AsNoTracking()
                .Where(row =>
                    row.DeletedAt == null
                    && row.OperationId == null
                    && row.ShouldRun
                    && row.Status == InstanceStatuses.Available
                )
                .ToListAsync(cancellationToken);
            foreach (var row in rows)
            {
                instances.Add(await InstanceStore.PartsAsync(transaction, row, cancellationToken));
            }
        }

        await Parallel.ForEachAsync(
            instances,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = 8,
                CancellationToken = cancellationToken,
            },
            async (parts, token) =>
            {
                if (
                    await RunningAsync(parts, token) is { } running
                    && Decide(parts.Instance, running, time.GetUtcNow()) is { } kind
                )
                {
                    await StartAsync(parts.Instance, kind, token);
                }
            }
        );
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
            try
            {
                await ReconcileAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(exception.Message);
            }
        }
    }

    /// <summary>Null when the host does not answer: nothing is concluded from silence.</summary>
    private async Task<bool?> RunningAsync(InstanceParts parts, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var machine in parts.Machines)
            {
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(
                    cancellationToken
                );
                deadline.CancelAfter(s_observeDeadline);
                var status = await drivers
                    .For(machine.Region)
                    .ObserveMachineAsync(
                        machine.HostId,
                        new Protocol.Host.ObserveMachineRequest
                        {
                            MachineId = machine.MachineId.ToString(),
                        },
                        deadline.Token
                    );
                if (status.State is "created" or "stopped")
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception exception)
            when (exception is MachineDriverException or OperationCanceledException)
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
        await using (var transaction = await platform.BeginAsync(cancellationToken))
        {
            var row = await transaction
                .Db.Set<InstanceRow>()
                .SingleOrDefaultAsync(
                    r =>
                        r.InstanceId == seen.InstanceId
                        && r.Version == seen.Version
                        && r.OperationId == null,
                    cancellationToken
                );
            if (row is null)
            {
                return; // somebody was faster
            }

            row.Epoch++;
            row.Status = InstanceStatuses.Updating;
            row.UpdatedAt = time.GetUtcNow();
            var parts = await InstanceStore.PartsAsync(transaction, row, cancellationToken);
            var state = parts.ToState() with
            {
                Before = kind == InstanceKinds.Update ? row.Spec : null,
                RestartAllowed = true,
            };
            var operation = await operations.EnqueueAsync(
                transaction,
                new OperationRequest(
                    row.TenantId,
                    kind,
                    row.InstanceId.ToString(),
                    row.Name,
                    new JsonObject(),
                    JsonSerializer.SerializeToNode(state, InstanceJson.Default.InstanceState)!
                ),
                cancellationToken
            );
            row.OperationId = operation.ToString();
            await transaction.CommitAsync(cancellationToken);
        }

        LogStarted(kind, seen.InstanceId);
        await dispatcher.DispatchAsync(
            seen.TenantId,
            seen.InstanceId.ToString(),
            cancellationToken
        );
    }

    [LoggerMessage(
        3201,
        LogLevel.Warning,
        "{Kind} of {Instance}: it should run as desired and does not"
    )]
    private partial void LogStarted(string kind, InstanceId instance);

    [LoggerMessage(3202, LogLevel.Warning, "Reconciling failed: {Reason}")]
    private partial void LogFailed(string reason);
}
