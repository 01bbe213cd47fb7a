using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>The service restarts in the middle of an up: the up goes on.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private FakeControl control = null!;

    public async ValueTask InitializeAsync() => control = await FakeControl.StartAsync();

    public ValueTask DisposeAsync() => control.DisposeAsync();

    public static TheoryData<string> Ways => [.. Restarts.Ways];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Given_a_service_that_restarts_at_every_request_when_created_changed_read_and_deleted_then_each_arrives_the_first_time(
        string way
    )
    {
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        var inputs = new JsonObject
        {
            ["name"] = "orders",
            ["engine"] = "postgresql",
            ["deletionProtection"] = false,
        };
        // The service has answered once in this run.
        await engine.ResourceAsync(
            "create",
            new() { ["properties"] = inputs.DeepClone(), ["preview"] = true }
        );
        Restarts.Plan(control, way);
        var created = await engine.ResourceAsync(
            "create",
            new() { ["properties"] = inputs.DeepClone() }
        );
        Assert.Equal(control.Only.Id, (string?)created["id"]);
        await engine.ResourceAsync(
            "read",
            new()
            {
                ["id"] = control.Only.Id,
                ["properties"] = created["properties"]!.DeepClone(),
                ["inputs"] = inputs.DeepClone(),
            }
        );
        Assert.True(control.Only.Acknowledged);
        Assert.Empty(control.Deaths);

        Restarts.Plan(control, way, "PUT /v1/instances/*", "GET /v1/instances/*");
        var wanted = (JsonObject)inputs.DeepClone();
        wanted["cpu"] = 4;
        var updated = await engine.ResourceAsync(
            "update",
            new()
            {
                ["id"] = control.Only.Id,
                ["olds"] = created["properties"]!.DeepClone(),
                ["oldInputs"] = inputs.DeepClone(),
                ["news"] = wanted.DeepClone(),
            }
        );
        Assert.Equal(4, (double)updated["properties"]!["cpu"]!);
        var read = await engine.ResourceAsync(
            "read",
            new()
            {
                ["id"] = control.Only.Id,
                ["properties"] = updated["properties"]!.DeepClone(),
                ["inputs"] = wanted.DeepClone(),
            }
        );
        Assert.Equal(control.Only.Id, (string?)read["id"]);

        Restarts.Plan(control, way, "DELETE /v1/instances/*");
        await engine.ResourceAsync(
            "delete",
            new() { ["id"] = control.Only.Id, ["properties"] = read["properties"]!.DeepClone() }
        );
        Assert.Empty(control.Deaths);
        Assert.Empty(control.Instances);
    }

    [Fact]
    public async Task Given_a_service_that_never_answered_when_first_asked_then_the_call_fails_within_seconds()
    {
        await using var engine = await PulumiEngine.StartAsync(
            null,
            variables: new Dictionary<string, string>
            {
                ["DBAAS_ENDPOINT"] = "https://127.0.0.1:1",
                ["DBAAS_API_KEY"] = FakeControl.ApiKey,
            }
        );
        await engine.AnswerAsync("configure", new() { ["args"] = new JsonObject() });
        var began = Stopwatch.GetTimestamp();
        // As many at once as an engine sends: they wait together, not one after the other.
        var answers = await engine.ManyAsync(
            "read",
            new() { ["id"] = "ins_{i}", ["inputs"] = new JsonObject() },
            100
        );
        Assert.All(answers, answer => Assert.Equal(14, (int)answer!["error"]!["code"]!));
        var again = await engine.ResourceRefusalAsync("read", new() { ["id"] = "ins_1" });
        Assert.Equal(14, (int)again["code"]!);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 15);
    }
}
