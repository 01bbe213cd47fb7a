using System.Globalization;
using Dbaas.Host.Machines;
using Dbaas.Host.Volumes;

namespace Dbaas.Host.State;

/// <summary>
/// Records of destroyed volumes and machines stay, so that a late call cannot bring them back; this forgets them once no call can be
/// that late, since every look at all records reads these too. Nobody else changes such a record but to the same end, so no turn
/// has to be waited for.
/// </summary>
internal sealed partial class Tombstones(
    StateFolder<VolumeRecord> volumes,
    StateFolder<MachineRecord> machines,
    TimeProvider time,
    ILogger<Tombstones> logger
) : BackgroundService
{
    /// <summary>An operation that was frozen for longer than this has long been taken over and ended by another silo.</summary>
    internal static readonly TimeSpan LongestKept = TimeSpan.FromDays(7);

    /// <summary>Kept however many there are: calls have deadlines of minutes.</summary>
    internal static readonly TimeSpan ShortestKept = TimeSpan.FromHours(1);

    /// <summary>Of each kind; the oldest go first.</summary>
    internal const int MostKept = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    /// <summary>Ids whose records may go.</summary>
    internal static IReadOnlyList<string> Expired(
        IEnumerable<(string Id, string DestroyedAt)> records,
        DateTimeOffset now
    ) =>
        [
            .. records
                .Where(record => record.DestroyedAt.Length > 0)
                .Select(record =>
                    (
                        record.Id,
                        Age: now
                            - DateTimeOffset.Parse(record.DestroyedAt, CultureInfo.InvariantCulture)
                    )
                )
                .OrderBy(record => record.Age)
                .Where(
                    (record, place) =>
                        record.Age > LongestKept || (place >= MostKept && record.Age > ShortestKept)
                )
                .Select(record => record.Id),
        ];

    /// <summary>Forgets what may go. Returns how many records went.</summary>
    public int Prune()
    {
        var now = time.GetUtcNow();
        var deadVolumes = Expired(volumes.List().Select(r => (r.Id, r.DestroyedAt)), now);
        var deadMachines = Expired(machines.List().Select(r => (r.Id, r.DestroyedAt)), now);
        foreach (var id in deadVolumes)
        {
            volumes.Remove(id);
        }
        foreach (var id in deadMachines)
        {
            machines.Remove(id);
        }
        return deadVolumes.Count + deadMachines.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            do
            {
                TryPrune();
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The daemon ends.
        }
    }

    private void TryPrune()
    {
        try
        {
            if (Prune() is var count and > 0)
            {
                LogPruned(count);
            }
        }
        catch (Exception exception) when (exception is IOException or FormatException)
        {
            LogFailed(exception); // the next look tries again
        }
    }

    [LoggerMessage(
        4701,
        LogLevel.Information,
        "Forgot {Count} records of volumes and machines destroyed long ago"
    )]
    private partial void LogPruned(int count);

    [LoggerMessage(4702, LogLevel.Warning, "Old records could not be forgotten")]
    private partial void LogFailed(Exception exception);
}
