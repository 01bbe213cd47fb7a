using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>A create is acknowledged once it is written down, so that one whose answer was lost can be taken over.</summary>
public sealed class AcknowledgementTests : IAsyncLifetime
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);
    private FakeControl control = null!;

    public async ValueTask InitializeAsync() => control = await FakeControl.StartAsync();

    public ValueTask DisposeAsync() => control.DisposeAsync();

    [Fact]
    public async Task Given_an_engine_that_dies_with_the_answer_when_run_again_then_the_instance_is_taken_over_and_a_refresh_acknowledges_it()
    {
        string id;
        await using (var first = await PulumiEngine.ConfiguredAsync(control))
        {
            id = (string)(await first.ResourceAsync("create", Creation()))["id"]!;
            var provider = (int)(await first.FactsAsync())["pid"]!;
            first.KillBridge();
            await UntilAsync(() => !Directory.Exists($"/proc/{provider}"));
        }

        Assert.False(control.Only.Acknowledged);
        await using var second = await PulumiEngine.ConfiguredAsync(control);
        var again = await second.ResourceAsync("create", Creation());
        Assert.Equal(id, (string?)again["id"]);
        Assert.Equal(id, control.Only.Id);
        await second.EndAsync("SIGKILL");

        Assert.False(control.Only.Acknowledged);
        await using var third = await PulumiEngine.ConfiguredAsync(control);
        await third.ResourceAsync(
            "read",
            new()
            {
                ["id"] = id,
                ["properties"] = again["properties"]!.DeepClone(),
                ["inputs"] = Inputs(),
            }
        );
        Assert.True(control.Only.Acknowledged);
    }

    [Fact]
    public async Task Given_an_engine_that_lives_when_it_had_the_time_to_write_then_the_instance_is_acknowledged()
    {
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        await engine.ResourceAsync("create", Creation());
        var began = Stopwatch.GetTimestamp();
        await UntilAsync(() => control.Only.Acknowledged);
        // The delay began before the answer came, on a busy machine seconds before.
        Assert.InRange(
            Stopwatch.GetElapsedTime(began),
            Delay - TimeSpan.FromSeconds(6),
            Delay + TimeSpan.FromSeconds(10)
        );
    }

    [Fact]
    public async Task Given_a_name_declared_twice_when_created_one_after_the_other_then_the_second_hears_that_it_is_taken()
    {
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        await engine.ResourceAsync("create", Creation());
        var twin = Creation();
        twin["urn"] = $"urn:pulumi:dev::shop::{PulumiEngine.Type}::twin";
        var refused = await engine.ResourceRefusalAsync("create", twin);
        Assert.Contains(
            "instance.name_taken",
            (string)refused["message"]!,
            StringComparison.Ordinal
        );
        Assert.Single(control.Instances);
    }

    private static JsonObject Inputs() =>
        new()
        {
            ["name"] = "orders",
            ["engine"] = "postgresql",
            ["deletionProtection"] = false,
        };

    private static JsonObject Creation() => new() { ["properties"] = Inputs() };

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(50, deadline.Token);
        }
    }
}
