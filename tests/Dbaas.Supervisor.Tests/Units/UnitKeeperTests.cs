using System.Diagnostics;
using Dbaas.Supervisor.Units;

namespace Dbaas.Supervisor.Tests.Units;

/// <summary>Real processes: adopting, restarting and replacing are only worth something if they work on those.</summary>
public sealed class UnitKeeperTests : IDisposable
{
    private readonly TemporaryRoot root = new();
    private readonly UnitRecords records;

    public UnitKeeperTests() => records = new(root.Paths);

    [Fact]
    public async Task Given_a_unit_that_is_killed_when_a_second_has_passed_then_another_process_runs()
    {
        using var stop = new CancellationTokenSource();
        var keeping = Keep(Unit("a"), stop);
        var first = await RunningAsync();

        Process.GetProcessById(first.Pid).Kill();

        var second = await RunningAsync(other: first.Pid);
        Assert.Equal("a", second.Fingerprint);
        await EndAsync(keeping, stop, second);
    }

    [Fact]
    public async Task Given_the_supervisor_ended_when_another_keeps_the_unit_then_the_living_process_is_adopted()
    {
        using var stop = new CancellationTokenSource();
        var keeping = Keep(Unit("a"), stop);
        var first = await RunningAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeping.Task);
        // As after a crash between starting the unit and writing that down.
        records.Forget("sleeper");

        using var again = new CancellationTokenSource();
        var adopting = Keep(Unit("a"), again);

        var adopted = await RunningAsync();
        Assert.Equal(first.Pid, adopted.Pid);
        Assert.Equal("a", adopted.Fingerprint);
        await EndAsync(adopting, again, first);
    }

    [Fact]
    public async Task Given_an_upgrade_whose_supervisor_died_when_the_old_process_is_adopted_then_it_is_replaced_by_the_new_version()
    {
        using var stop = new CancellationTokenSource();
        var keeping = Keep(Unit("old"), stop);
        var first = await RunningAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeping.Task);
        records.Forget("sleeper");

        using var again = new CancellationTokenSource();
        var adopting = Keep(Unit("new"), again);

        var second = await RunningAsync(other: first.Pid);
        Assert.Equal("new", second.Fingerprint);
        Assert.False(LiveProcess.IsAlive(first));
        await EndAsync(adopting, again, second);
    }

    [Fact]
    public async Task Given_a_running_unit_when_another_version_is_wanted_then_it_is_replaced_once()
    {
        using var stop = new CancellationTokenSource();
        var keeping = Keep(Unit("a"), stop);
        var first = await RunningAsync();

        keeping.Keeper.Wanted = Unit("b");

        var second = await RunningAsync(other: first.Pid);
        Assert.Equal("b", second.Fingerprint);
        Assert.False(LiveProcess.IsAlive(first));
        await EndAsync(keeping, stop, second);
    }

    [Fact]
    public async Task Given_a_unit_that_needs_another_when_that_is_not_ready_then_it_does_not_start()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var keeping = Keep(Unit("a") with { After = ["other"] }, stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeping.Task);

        Assert.Null(records.Alive("sleeper"));
    }

    [Fact]
    public void Given_a_record_of_another_boot_when_it_is_looked_up_then_the_process_counts_as_dead()
    {
        var own = Environment.ProcessId;
        var record = new ProcessRecord(
            own,
            LiveProcess.StartTicks(own)!.Value,
            LiveProcess.BootId,
            ""
        );

        Assert.True(LiveProcess.IsAlive(record));
        Assert.False(LiveProcess.IsAlive(record with { BootId = "another" }));
        Assert.False(LiveProcess.IsAlive(record with { StartTicks = record.StartTicks + 1 }));
    }

    public void Dispose() => root.Dispose();

    // A path of this test's own as argument: the command line then is unique on the box.
    private Unit Unit(string fingerprint) =>
        new()
        {
            Name = "sleeper",
            Program = "/usr/bin/tail",
            Arguments = ["-f", "--retry", $"{root.Paths.Root}/nothing"],
            Fingerprint = fingerprint,
            Ready = $"unix:{root.Paths.Root}/nothing",
            After = [],
            StopSeconds = 5,
        };

    private (UnitKeeper Keeper, Task Task) Keep(Unit unit, CancellationTokenSource stop)
    {
        var readiness = new Readiness(() =>
            throw new InvalidOperationException("No unit here asks control.")
        );
        var keeper = new UnitKeeper(
            unit,
            records,
            new(root.Paths),
            readiness,
            TimeProvider.System,
            new(TextWriter.Null, TimeProvider.System)
        );
        return (keeper, keeper.KeepAsync(_ => false, stop.Token));
    }

    private async Task<ProcessRecord> RunningAsync(int other = 0)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(20))
        {
            if (records.Alive("sleeper") is { } record && record.Pid != other)
            {
                return record;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("The unit does not run.");
    }

    private static async Task EndAsync(
        (UnitKeeper Keeper, Task Task) keeping,
        CancellationTokenSource stop,
        ProcessRecord process
    )
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeping.Task);
        await LiveProcess.StopAsync(
            process,
            TimeSpan.FromSeconds(5),
            TimeProvider.System,
            CancellationToken.None
        );
        Assert.False(LiveProcess.IsAlive(process));
    }
}
