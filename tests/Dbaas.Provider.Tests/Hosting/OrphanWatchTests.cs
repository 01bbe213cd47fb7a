using System.Diagnostics;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Tests.Terraform;
using Microsoft.Extensions.Time.Testing;

namespace Dbaas.Provider.Tests.Hosting;

/// <summary>A plugin does not outlive the host that started it, whenever that one dies.</summary>
public sealed class OrphanWatchTests
{
    private readonly FakeTimeProvider time = new();
    private int connections;
    private bool heard = true;
    private int looks;
    private Task watching = Task.CompletedTask;

    [Fact]
    public async Task Given_a_host_that_died_before_it_connected_when_its_own_patience_is_over_then_the_plugin_ends()
    {
        var watch = Watch();
        await PassAsync(60);
        Assert.False(watch.IsCompleted);

        await PassAsync(2);

        await watch.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Given_a_host_whose_connection_is_gone_when_it_does_not_come_back_then_the_plugin_ends_soon()
    {
        connections = 1;
        var watch = Watch();
        await PassAsync(300);
        connections = 0;
        await PassAsync(9);
        connections = 1; // came back in time
        await PassAsync(120);
        Assert.False(watch.IsCompleted);
        connections = 0;

        await PassAsync(12);

        await watch.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Given_a_host_that_holds_the_output_no_more_when_it_is_not_connected_either_then_the_plugin_ends_at_once()
    {
        connections = 1;
        heard = false;
        var watch = Watch();
        await PassAsync(30);
        Assert.False(watch.IsCompleted);
        connections = 0;

        await PassAsync(2);

        await watch.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Given_a_program_whose_reader_is_gone_when_it_looks_then_it_sees_so()
    {
        using var served = Process.Start(
            new ProcessStartInfo(TerraformFolder.Provider)
            {
                RedirectStandardOutput = true,
                Environment =
                {
                    ["TF_PLUGIN_MAGIC_COOKIE"] =
                        "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
                    ["PLUGIN_PROTOCOL_VERSIONS"] = "6",
                },
            }
        )!;
        await served.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

        served.StandardOutput.Close();

        await served
            .WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    private Task Watch() =>
        watching = new OrphanWatch(
            () =>
            {
                Interlocked.Increment(ref looks);
                return connections;
            },
            () => heard,
            time
        ).WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Second by second, each only after the watch has looked in the one before.</summary>
    private async Task PassAsync(int seconds)
    {
        for (var second = 0; second < seconds && !watching.IsCompleted; second++)
        {
            var before = Volatile.Read(ref looks);
            time.Advance(TimeSpan.FromSeconds(1));
            while (Volatile.Read(ref looks) == before)
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }
        }
    }
}
