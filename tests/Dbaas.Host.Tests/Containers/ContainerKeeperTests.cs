using System.Diagnostics;
using Dbaas.Host.Containers;
using Dbaas.Host.Native;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Dbaas.Host.Tests.Containers;

/// <summary>The keeper over processes of this test; with real containers <c>HaproxyGatewayTests</c> and <c>EtcdStoreTests</c> kill them.</summary>
public sealed class ContainerKeeperTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly PauseRecorder time = new();
    private readonly List<Process> started = [];
    private readonly ContainerKeeper keeper;
    private string seconds = "600";
    private int restarts;
    private int refusals;
    private bool undescribed;
    private int passed;

    public ContainerKeeperTests()
    {
        var containers = new Mock<IContainers>();
        containers
            .Setup(all =>
                all.EnsureRunningAsync(It.IsAny<ContainerSpec>(), It.IsAny<CancellationToken>())
            )
            .Callback(() => started.Add(Process.Start("sleep", seconds)))
            .Returns(Task.CompletedTask);
        containers
            .Setup(all => all.GetAsync("kept", It.IsAny<CancellationToken>()))
            .ReturnsAsync(() => new("kept", "running", Current!.Id, ""));
        containers.Setup(all => all.ConsoleLog("kept")).Returns("/nonexistent");
        keeper = new(containers.Object, _ => Task.FromResult(Describe()), time, NullLogger.Instance)
        {
            Restarted = _ =>
            {
                restarts++;
                return Task.CompletedTask;
            },
        };
    }

    private Process? Current => started.LastOrDefault();

    public async ValueTask InitializeAsync() =>
        await keeper.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await keeper.DisposeAsync();
        foreach (var process in started)
        {
            process.Kill();
            process.Dispose();
        }
    }

    [Fact]
    public async Task Given_a_container_that_lived_when_it_ends_then_it_is_started_again_without_a_pause()
    {
        time.Advance(TimeSpan.FromMinutes(1));

        Current!.Kill();

        // The clock stands still: whoever waits for a moment to look or to start never gets here.
        await StartsAsync(2);
        await Eventually.BecomesAsync(() => Task.FromResult(restarts), seen => seen == 1, Deadline);
    }

    [Fact]
    public async Task Given_a_container_that_cannot_live_when_it_ends_again_and_again_then_pauses_grow()
    {
        seconds = "0";
        Current!.Kill();
        await StartsAsync(2);

        await PassesAsync(TimeSpan.FromMilliseconds(250), starts: 3);
        await PassesAsync(TimeSpan.FromMilliseconds(500), starts: 4);
        await PassesAsync(TimeSpan.FromMilliseconds(1000), starts: 5);
    }

    [Fact]
    public async Task Given_a_stopped_watch_when_the_container_ends_then_it_stays_ended()
    {
        await keeper.StopAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);

        Current!.Kill();

        await ProcessEnd.Of(Current.Id).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Single(started);
    }

    [Fact]
    public async Task Given_a_container_that_cannot_be_described_when_it_ends_then_it_is_not_tried_without_end()
    {
        time.Advance(TimeSpan.FromMinutes(1));
        undescribed = true;

        Current!.Kill();

        // At once, and after that the clock stands still.
        await PausesAsync(1);
        Assert.Equal(1, refusals);
        undescribed = false;
        await PassesAsync(TimeSpan.FromMilliseconds(250), starts: 2);
    }

    private ContainerSpec Describe()
    {
        if (undescribed)
        {
            refusals++;
            throw new ContainerException("Its image is gone.");
        }
        return new()
        {
            Name = "kept",
            RootFolder = "/",
            Command = ["sleep"],
            HostUid = 0,
        };
    }

    private async Task PassesAsync(TimeSpan pause, int starts)
    {
        await PausesAsync(++passed);
        Assert.Equal(pause, time.Pauses[^1]);
        Assert.Equal(starts - 1, started.Count);
        time.Advance(pause);
        await StartsAsync(starts);
    }

    private Task<int> PausesAsync(int count) =>
        Eventually.BecomesAsync(
            () => Task.FromResult(time.Pauses.Count),
            seen => seen == count,
            Deadline
        );

    private Task<int> StartsAsync(int count) =>
        Eventually.BecomesAsync(
            () => Task.FromResult(started.Count),
            seen => seen == count,
            Deadline
        );

    /// <summary>A clock that stands still and knows who waits for it to go on.</summary>
    private sealed class PauseRecorder : FakeTimeProvider
    {
        public List<TimeSpan> Pauses { get; } = [];

        public override ITimer CreateTimer(
            TimerCallback callback,
            object? state,
            TimeSpan dueTime,
            TimeSpan period
        )
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Pauses.Add(dueTime);
            return timer;
        }
    }
}
