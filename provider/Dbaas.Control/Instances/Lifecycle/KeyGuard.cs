using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Keys;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>
/// A customer who takes their key away takes their data out of service: instances under it stop in order and say why, and start when it
/// is back. Only what the key service says counts; its silence changes nothing. Takes no input and does the same for the same state.
/// </summary>
internal sealed partial class KeyGuard(
    IPlatformTransactions platform,
    PlatformOperations operations,
    TimeProvider time,
    ILogger<KeyGuard> logger
) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);

    /// <summary>What must be done about one instance; pure.</summary>
    /// <param name="row">The instance.</param>
    /// <param name="keyState">State of its key as last seen.</param>
    /// <returns>A kind of operation, or null.</returns>
    public static string? Decide(InstanceRow row, string keyState) =>
        row switch
        {
            // Without ShouldRun the user stopped it: it stays so, whatever becomes of the key.
            { OperationId: not null } or { ShouldRun: false } => null,
            // One that failed under a locked key is brought to a stop as well, so that it comes back with the key.
            { Status: InstanceStatuses.Available or InstanceStatuses.Failed }
                when KeyStates.WhyLocked(keyState) is not null => InstanceKinds.Stop,
            { Status: InstanceStatuses.Stopped } when keyState == KeyStates.Enabled =>
                InstanceKinds.Start,
            _ => null,
        };

    public async Task GuardAsync(CancellationToken cancellationToken)
    {
        List<(InstanceRow Instance, CustomerKeyRow Key)> seen;
        await using (var transaction = await platform.BeginAsync(cancellationToken))
        {
            seen =
            [
                .. (
                    await transaction
                        .Db.Set<InstanceRow>()
                        .AsNoTracking()
                        .Where(row =>
                            row.DeletedAt == null && row.OperationId == null && row.ShouldRun
                        )
                        .Join(
                            transaction
                                .Db.Set<CustomerKeyRow>()
                                .AsNoTracking()
                                .Where(key => key.State != KeyStates.Unreachable),
                            row => row.KeyId,
                            key => key.KeyId,
                            (row, key) => new { row, key }
                        )
                        // Nearly all instances run under keys that are enabled; they stay in the database.
                        .Where(pair =>
                            pair.key.State != KeyStates.Enabled
                            || pair.row.Status == InstanceStatuses.Stopped
                        )
                        .ToListAsync(cancellationToken)
                ).Select(pair => (pair.row, pair.key)),
            ];
        }

        foreach (var (row, key) in seen)
        {
            if (
                Decide(row, key.State) is { } kind
                && await operations.BeginAsync(row, kind, Reason(key), cancellationToken)
            )
            {
                LogDecided(kind, row.InstanceId, key.Alias, key.State);
            }
        }
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
                await GuardAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(exception.Message);
            }
        }
    }

    private static string Reason(CustomerKeyRow key) =>
        KeyStates.WhyLocked(key.State) is { } why
            ? $"The customer key {key.Alias} {why}. The data is kept; the database starts when the key can be used again."
            : $"The customer key {key.Alias} can be used again.";

    [LoggerMessage(
        3211,
        LogLevel.Warning,
        "{Kind} of {Instance}: its customer key {Key} is {State}"
    )]
    private partial void LogDecided(string kind, InstanceId instance, string key, string state);

    [LoggerMessage(3212, LogLevel.Warning, "Guarding keys failed: {Reason}")]
    private partial void LogFailed(string reason);
}
