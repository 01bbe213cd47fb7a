using System.Text.Json.Nodes;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>
/// Less memory waits for a restart, and more of it may wait by then. A machine keeps what its engine holds, and the books say what the
/// machine has: what they say too little of is promised to somebody else.
/// </summary>
public sealed class PendingMemoryTests(SteppedControl stepped)
    : IClassFixture<SteppedControl>,
        IDisposable
{
    private const long Gib = 1L << 30;

    public void Dispose() => InstanceRemains.Driver(stepped.Services).GrowsMountedVolumes = true;

    [Fact]
    public async Task Given_less_memory_that_waits_when_other_changes_come_and_go_then_the_machine_keeps_what_the_engine_holds()
    {
        var inputs = WaitingChanges.Inputs(DateTimeOffset.UtcNow.AddDays(3));
        inputs["memoryGib"] = 4;
        var id = await stepped.CreateAsync(inputs);
        inputs["memoryGib"] = 2;
        await WaitingChanges.AskAsync(stepped, id, inputs);
        Assert.Equal(4 * Gib, await MemoryAsync(id));

        inputs["cpu"] = 1;
        await WaitingChanges.AskAsync(stepped, id, inputs);
        Assert.Equal(4 * Gib, await MemoryAsync(id));
        await InstanceBooks.BalanceAsync(stepped, id, "a change beside less memory that waits");

        inputs["allowedCidrs"] = new JsonArray("10.0.0.0/8");
        var undone = await stepped.RunAsync(
            HttpMethod.Put,
            $"/instances/{id}",
            inputs,
            StepFault.ForGoodBefore,
            stepped.StepsOf("instance.update").ToList().IndexOf("set-endpoint")
        );
        Assert.Equal(OperationStates.Undone, undone.State);
        Assert.Equal(4 * Gib, await MemoryAsync(id));
        await InstanceBooks.BalanceAsync(stepped, id, "a change that was taken back beside it");

        // The next start brings what waited, the machine's size with it.
        await stepped.RunAsync(HttpMethod.Post, $"/instances/{id}/stop");
        await stepped.RunAsync(HttpMethod.Post, $"/instances/{id}/start");
        Assert.Equal(2 * Gib, await MemoryAsync(id));
        await InstanceBooks.BalanceAsync(stepped, id, "less memory that has arrived");
        await stepped.EndAsync(id);
    }

    [Fact]
    public async Task Given_two_smaller_sizes_that_wait_then_the_machine_keeps_what_it_had_until_the_restart()
    {
        var (id, inputs) = await TwiceAsync();

        inputs["memoryGib"] = 1;
        await WaitingChanges.AskAsync(stepped, id, inputs);

        Assert.Equal(3 * Gib, await MemoryAsync(id));
        await InstanceBooks.BalanceAsync(stepped, id, "the second smaller size");
        await stepped.RunAsync(HttpMethod.Post, $"/instances/{id}/restart");
        Assert.Equal(1 * Gib, await MemoryAsync(id));
        await InstanceBooks.BalanceAsync(stepped, id, "the restart that brought it");
        await stepped.EndAsync(id);
    }

    [Theory]
    [InlineData("grow-volume")]
    [InlineData("set-endpoint")]
    public async Task Given_a_smaller_size_that_waits_when_another_change_is_taken_back_then_books_and_machine_agree(
        string step
    )
    {
        var (id, inputs) = await TwiceAsync();

        inputs["memoryGib"] = 1;
        inputs["storageGib"] = 2;
        inputs["allowedCidrs"] = new JsonArray("10.0.0.0/8");
        var undone = await stepped.RunAsync(
            HttpMethod.Put,
            $"/instances/{id}",
            inputs,
            StepFault.ForGoodBefore,
            stepped.StepsOf("instance.update").ToList().IndexOf(step)
        );

        Assert.Equal(OperationStates.Undone, undone.State);
        Assert.Equal(3 * Gib, await MemoryAsync(id));
        await InstanceBooks.BalanceAsync(stepped, id, $"a change that failed at {step}");
        await stepped.EndAsync(id);
    }

    [Theory]
    [InlineData("grow-volume")]
    [InlineData("settle-machine")]
    public async Task Given_smaller_sizes_that_wait_when_their_window_fails_then_books_and_machine_agree(
        string step
    )
    {
        InstanceRemains.Driver(stepped.Services).GrowsMountedVolumes = false;
        var (id, inputs) = await TwiceAsync();
        inputs["storageGib"] = 2;
        inputs["maintenanceWindow"] = WaitingChanges.WindowAt(DateTimeOffset.UtcNow.AddMinutes(-2));
        await WaitingChanges.AskAsync(stepped, id, inputs);

        var operation = (await stepped.ReconcileAsync(id))!.Value;
        var undone = await stepped.RunAsync(
            operation,
            StepFault.ForGoodBefore,
            stepped.StepsOf("instance.update").ToList().IndexOf(step)
        );

        Assert.Equal(OperationStates.Undone, undone.State);
        await InstanceBooks.BalanceAsync(stepped, id, $"a window that failed at {step}");
        await stepped.EndAsync(id);
    }

    /// <summary>Made with 1 GiB, then 3 whose settings wait, then 2: the engine holds what 1 GiB gave it, the machine has 3.</summary>
    private async Task<(string Id, JsonObject Inputs)> TwiceAsync()
    {
        var inputs = WaitingChanges.Inputs(DateTimeOffset.UtcNow.AddDays(3));
        inputs["memoryGib"] = 1;
        var id = await stepped.CreateAsync(inputs);
        inputs["memoryGib"] = 3;
        inputs["parameters"] = new JsonObject { ["max_connections"] = "38" };
        await WaitingChanges.AskAsync(stepped, id, inputs);
        inputs["memoryGib"] = 2;
        await WaitingChanges.AskAsync(stepped, id, inputs);
        Assert.Equal(3 * Gib, await MemoryAsync(id));
        return (id, inputs);
    }

    private async Task<long> MemoryAsync(string id) =>
        (await FreshImages.MachineAsync(stepped, id)).MemoryBytes;
}
