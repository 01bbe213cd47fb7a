using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>Whatever is interrupted, killed or too large: state is kept, and one database exists.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private FakeControl control = null!;

    public async ValueTask InitializeAsync() => control = await FakeControl.StartAsync();

    public ValueTask DisposeAsync() => control.DisposeAsync();

    [Fact]
    public async Task Given_a_provider_killed_in_a_create_when_run_again_then_the_same_database_is_taken_up()
    {
        control.CreateGate = new TaskCompletionSource(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        await using (var first = await PulumiEngine.ConfiguredAsync(control))
        {
            var lost = first.CallAsync("create", Create("orders", cpu: 1));
            await UntilAsync(() => control.Instances.Count == 1);
            await first.EndAsync("SIGKILL");
            Assert.Equal(14, (int)(await lost)["error"]!["code"]!);
        }

        Assert.False(control.Only.Acknowledged);
        var id = control.Only.Id;
        control.CreateGate.SetResult();
        await using var second = await PulumiEngine.ConfiguredAsync(control);
        var created = await second.AnswerAsync("create", Create("orders", cpu: 2));
        Assert.Equal(id, (string?)created["id"]);
        Assert.Equal(id, control.Only.Id);
        Assert.Equal(2, (double)control.Only.Inputs["cpu"]!);
        // The answer has left; whether it was written down, the engine shows by an orderly end.
        Assert.False(control.Only.Acknowledged);
        await second.EndAsync("SIGINT");
        Assert.True(control.Only.Acknowledged);
    }

    [Fact]
    public async Task Given_cancel_during_a_create_when_it_answers_then_the_state_is_kept_and_the_next_update_heals_it()
    {
        control.CreateGate = new TaskCompletionSource(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        JsonObject partial;
        await using (var engine = await PulumiEngine.ConfiguredAsync(control))
        {
            var create = engine.CallAsync("create", Create("orders", cpu: 1));
            await UntilShownAsync(engine);
            var began = Stopwatch.GetTimestamp();
            await engine.AnswerAsync("cancel");
            partial = (await create)["error"]!.AsObject();
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5));
            Assert.Equal(1, (int)partial["code"]!);
            Assert.Equal("pulumirpc.ErrorResourceInitFailed", (string?)partial["type"]);
            Assert.Equal(control.Only.Id, (string?)partial["detail"]!["id"]);
            Assert.Equal("orders", (string?)partial["detail"]!["properties"]!["name"]);
            Assert.Contains(
                "it takes up what was begun",
                (string)partial["detail"]!["reasonsList"]![0]!,
                StringComparison.Ordinal
            );
            var later = await engine.ResourceRefusalAsync("read", new() { ["id"] = "orders" });
            Assert.Equal(1, (int)later["code"]!);
            await engine.EndAsync("SIGINT");
        }

        Assert.True(control.Only.Acknowledged);
        await using var next = await PulumiEngine.ConfiguredAsync(control);
        var update = next.ResourceAsync(
            "update",
            new()
            {
                ["id"] = (string)partial["detail"]!["id"]!,
                ["olds"] = partial["detail"]!["properties"]!.DeepClone(),
                ["oldInputs"] = Create("orders", cpu: 1)["properties"]!.DeepClone(),
                ["news"] = Create("orders", cpu: 4)["properties"]!.DeepClone(),
            }
        );
        control.CreateGate.SetResult();
        Assert.Equal(4, (double)(await update)["properties"]!["cpu"]!);
        Assert.Equal(4, (double)control.Only.Inputs["cpu"]!);
    }

    [Fact]
    public async Task Given_a_service_that_is_away_during_an_update_when_cancelled_then_the_outputs_known_before_stay_in_the_state()
    {
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        var olds = Create("orders", cpu: 1);
        olds["properties"]!["tags"] = new JsonObject { ["a"] = PulumiValues.Secret("planted") };
        var before = await engine.AnswerAsync("create", (JsonObject)olds.DeepClone());
        control.UpdateGate = new TaskCompletionSource(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        var update = engine.CallAsync(
            "update",
            new()
            {
                ["urn"] = PulumiEngine.Urn,
                ["type"] = PulumiEngine.Type,
                ["id"] = control.Only.Id,
                ["olds"] = before["properties"]!.DeepClone(),
                ["oldInputs"] = olds["properties"]!.DeepClone(),
                ["news"] = Create("orders", cpu: 4)["properties"]!.DeepClone(),
            }
        );
        await UntilShownAsync(engine);
        await control.DieAsync();
        await engine.AnswerAsync("cancel");
        var partial = (await update)["error"]!;
        Assert.Equal("pulumirpc.ErrorResourceInitFailed", (string?)partial["type"]);
        Assert.Equal((string?)before["id"], (string?)partial["detail"]!["id"]);
        var kept = partial["detail"]!["properties"]!;
        Assert.Equal("127.101.0.5", (string?)kept["endpoint"]!["host"]);
        Assert.True(JsonNode.DeepEquals(before["properties"], kept), kept.ToJsonString());
    }

    [Fact]
    public async Task Given_a_custom_timeout_when_it_ends_then_the_state_is_kept()
    {
        control.CreateGate = new TaskCompletionSource(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        var request = Create("orders", cpu: 1);
        request["timeout"] = 1.5;
        var refusal = await engine.RefusalAsync("create", request);
        Assert.Equal(4, (int)refusal["code"]!);
        Assert.Equal(control.Only.Id, (string?)refusal["detail"]!["id"]);
    }

    [Fact]
    public async Task Given_a_create_that_failed_and_was_undone_when_it_answers_then_no_state_is_claimed()
    {
        control.NextCreateFails = new()
        {
            Title = "The engine refused",
            Status = 500,
            Code = "engine.failed",
            LogLines = ["FATAL: out of memory"],
        };
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        var refusal = await engine.RefusalAsync("create", Create("orders", cpu: 1));
        Assert.Equal(10, (int)refusal["code"]!);
        Assert.Null(refusal["detail"]);
        Assert.Contains(
            "FATAL: out of memory",
            (string)refusal["message"]!,
            StringComparison.Ordinal
        );
        var missing = await engine.ResourceRefusalAsync(
            "update",
            new()
            {
                ["id"] = "ins_gone",
                ["olds"] = new JsonObject(),
                ["news"] = Create("orders", cpu: 1)["properties"]!.DeepClone(),
            }
        );
        Assert.Equal(5, (int)missing["code"]!);
        Assert.Contains("pulumi refresh", (string)missing["message"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SIGINT")]
    [InlineData("SIGTERM")]
    public async Task Given_a_create_under_way_when_signalled_then_it_answers_with_its_state_and_the_process_ends_well(
        string signal
    )
    {
        control.CreateGate = new TaskCompletionSource(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        var create = engine.CallAsync("create", Create("orders", cpu: 1));
        await UntilShownAsync(engine);
        var end = await engine.EndAsync(signal);
        Assert.Equal(0, (int)end["code"]!);
        Assert.True((double)end["milliseconds"]! < 5_000);
        Assert.Equal(
            "pulumirpc.ErrorResourceInitFailed",
            (string?)(await create)["error"]!["type"]
        );
    }

    [Fact]
    public async Task Given_the_engine_is_killed_when_nobody_is_left_then_the_provider_ends()
    {
        var engine = await PulumiEngine.ConfiguredAsync(control);
        var pid = (int)(await engine.FactsAsync())["pid"]!;
        using var provider = Process.GetProcessById(pid);
        engine.KillBridge();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await provider.WaitForExitAsync(deadline.Token);
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Given_a_thousand_calls_at_once_when_made_then_each_is_answered_rightly()
    {
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        var checks = await engine.ManyAsync(
            "check",
            new()
            {
                ["olds"] = new JsonObject(),
                ["news"] = new JsonObject { ["name"] = "orders-{i}", ["engine"] = "postgresql" },
            },
            1_000
        );
        Assert.Equal(
            1_000,
            checks.Select(one => (string)one!["response"]!["inputs"]!["name"]!).Distinct().Count()
        );
        var creates = await engine.ManyAsync(
            "create",
            new()
            {
                ["properties"] = new JsonObject
                {
                    ["name"] = "orders-{i}",
                    ["engine"] = "postgresql",
                },
            },
            1_000
        );
        Assert.All(creates, one => Assert.Null(one!["error"]));
        Assert.Equal(1_000, control.Instances.Count);
        Assert.Equal(
            1_000,
            creates.Select(one => (string)one!["response"]!["id"]!).Distinct().Count()
        );
        await engine.EndAsync("SIGINT");
        Assert.All(control.Instances.Values, instance => Assert.True(instance.Acknowledged));
    }

    [Fact]
    public async Task Given_a_thousand_unchanged_resources_when_previewed_then_the_service_is_asked_nothing()
    {
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        var inputs = new JsonObject
        {
            ["name"] = "orders-{i}",
            ["engine"] = "postgresql",
            ["cpu"] = 1,
        };
        var checks = await engine.ManyAsync(
            "check",
            new() { ["olds"] = inputs.DeepClone(), ["news"] = inputs.DeepClone() },
            1_000
        );
        Assert.All(checks, one => Assert.Null(one!["error"]));
        var diffs = await engine.ManyAsync(
            "diff",
            new()
            {
                ["id"] = "ins_{i}",
                ["olds"] = inputs.DeepClone(),
                ["oldInputs"] = inputs.DeepClone(),
                ["news"] = inputs.DeepClone(),
            },
            1_000
        );
        Assert.All(diffs, one => Assert.Equal(1, (int)one!["response"]!["changes"]!));
        Assert.Empty(control.Requests);
    }

    [Fact]
    public async Task Given_five_megabytes_in_a_value_when_checked_and_sent_then_nothing_stalls()
    {
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        var large = new string('x', 5_000_000);
        var request = Create("orders", cpu: 1);
        request["properties"]!["tags"] = new JsonObject { ["large"] = large };
        var check = await engine.ResourceAsync(
            "check",
            new() { ["news"] = request["properties"]!.DeepClone() }
        );
        Assert.Equal(large, (string?)check["inputs"]!["tags"]!["large"]);
        var created = await engine.AnswerAsync("create", request);
        Assert.Equal(large, (string?)created["properties"]!["tags"]!["large"]);
        var wrong = Create("orders", cpu: 1);
        wrong["properties"]!["engineVersion"] = large;
        var failed = await engine.ResourceAsync(
            "check",
            new() { ["news"] = wrong["properties"]!.DeepClone() }
        );
        Assert.True(((string)failed["failuresList"]![0]!["reason"]!).Length < 1_000);
    }

    [Fact]
    public async Task Given_values_nested_deeply_when_checked_then_they_are_refused_in_words_and_the_provider_lives()
    {
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        // 1,300 levels are some 3,250 messages: just beyond what the provider reads, and within what the client can still write.
        foreach (var (depth, isRead) in new[] { (50, true), (300, true), (1_300, false) })
        {
            JsonNode nested = "end";
            for (var i = 0; i < depth; i++)
            {
                nested = i % 2 == 0 ? new JsonArray(nested) : new JsonObject { ["a"] = nested };
            }

            var answer = await engine.CallAsync(
                "check",
                new()
                {
                    ["urn"] = PulumiEngine.Urn,
                    ["type"] = PulumiEngine.Type,
                    ["news"] = new JsonObject
                    {
                        ["name"] = "orders",
                        ["engine"] = "postgresql",
                        ["tags"] = new JsonObject { ["deep"] = nested },
                    },
                }
            );
            if (isRead)
            {
                Assert.Equal(
                    "tags.deep",
                    (string?)answer["response"]!["failuresList"]![0]!["property"]
                );
            }
            else
            {
                Assert.True(3 == (int)answer["error"]!["code"]!, answer.ToJsonString());
            }
        }

        await engine.AnswerAsync("getPluginInfo");
    }

    private static JsonObject Create(string name, int cpu) =>
        new()
        {
            ["urn"] = PulumiEngine.Urn,
            ["type"] = PulumiEngine.Type,
            ["properties"] = new JsonObject
            {
                ["name"] = name,
                ["engine"] = "postgresql",
                ["cpu"] = cpu,
            },
        };

    /// <summary>Waits until the user sees how far the create is.</summary>
    private static async Task UntilShownAsync(PulumiEngine engine)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (
            !(await engine.LogsAsync()).Any(line =>
                (bool)line["ephemeral"]!
                && ((string)line["message"]!).Contains("start-engine", StringComparison.Ordinal)
            )
        )
        {
            await Task.Delay(50, deadline.Token);
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(50, deadline.Token);
        }
    }
}
