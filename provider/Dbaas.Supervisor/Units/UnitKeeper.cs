using Dbaas.Common;

namespace Dbaas.Supervisor.Units;

/// <summary>
/// Keeps one unit running: adopts what already runs, starts it when those it needs are ready, starts it again when it died, replaces
/// it when another version is wanted. Looks four times a second, so a dead unit is back within a second.
/// </summary>
internal sealed class UnitKeeper(
    Unit unit,
    UnitRecords records,
    UnitStart starter,
    Readiness readiness,
    TimeProvider time,
    Journal journal
)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly RestartBackOff backOff = NewBackOff();
    private ProcessRecord? process;
    private long startedAt;
    private long notBefore;

    /// <summary>What should run; replaced as a whole by a deployment.</summary>
    public Unit Wanted { get; set; } = unit;

    public bool IsReady { get; private set; }

    /// <summary>
    /// 0, 1, 2, 4 … 30 s. The slowest of ours takes three seconds to be ready, so who has lived ten has served. A minute was too much: a
    /// service killed every half minute stayed away for half of it.
    /// </summary>
    public static RestartBackOff NewBackOff() =>
        new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10));

    /// <param name="isReady">Tells whether another unit is ready, by name.</param>
    /// <param name="cancellationToken">Ends the keeping; the unit goes on.</param>
    public async Task KeepAsync(Func<string, bool> isReady, CancellationToken cancellationToken)
    {
        Adopt();
        while (true)
        {
            try
            {
                await LookAsync(isReady, cancellationToken);
            }
            catch (Exception exception)
                when (exception is IOException or System.ComponentModel.Win32Exception)
            {
                // A full disk must not end the supervision of everything else.
                journal.Write($"{Wanted.Name}: {exception.Message}");
                notBefore = time.GetTimestamp() + Ticks(backOff.Longest);
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    private void Adopt()
    {
        process = records.Alive(Wanted.Name);
        if (process is null && LiveProcess.Find(Wanted.Program, Wanted.Arguments) is { } pid)
        {
            process = new(
                pid,
                LiveProcess.StartTicks(pid) ?? -1,
                LiveProcess.BootId,
                // Its own, not the wanted one: an upgrade whose supervisor died would otherwise believe the old version to be the new.
                LiveProcess.Fingerprint(pid) ?? "unknown"
            );
            records.Write(Wanted.Name, process);
        }

        startedAt = time.GetTimestamp();
        if (process is not null)
        {
            journal.Write($"{Wanted.Name}: goes on as process {process.Pid}");
        }
    }

    private async Task LookAsync(Func<string, bool> isReady, CancellationToken cancellationToken)
    {
        var wanted = Wanted;
        if (process is not null && !LiveProcess.IsAlive(process))
        {
            var wait = backOff.AfterDeath(time.GetElapsedTime(startedAt));
            journal.Write(
                $"{wanted.Name}: process {process.Pid} ended; next start in {wait.TotalSeconds:0} s"
            );
            notBefore = time.GetTimestamp() + Ticks(wait);
            process = null;
            IsReady = false;
            records.Forget(wanted.Name);
        }

        if (process is not null && process.Fingerprint != wanted.Fingerprint)
        {
            journal.Write(
                $"{wanted.Name}: another version is wanted, process {process.Pid} is asked to end"
            );
            IsReady = false;
            await LiveProcess.StopAsync(
                process,
                TimeSpan.FromSeconds(wanted.StopSeconds),
                time,
                cancellationToken
            );
            process = null;
            backOff.Reset();
            notBefore = 0;
        }

        if (process is null && time.GetTimestamp() >= notBefore && wanted.After.All(isReady))
        {
            process = starter.Start(wanted);
            records.Write(wanted.Name, process);
            startedAt = time.GetTimestamp();
            journal.Write($"{wanted.Name}: started as process {process.Pid}");
        }

        if (process is not null && !IsReady)
        {
            IsReady = await readiness.IsReadyAsync(wanted, cancellationToken);
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
