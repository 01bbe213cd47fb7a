using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>Provider and service of different versions: whoever reads the message knows which of the two to upgrade.</summary>
public sealed class VersionSkewTests : IAsyncLifetime
{
    private FakeControl control = null!;

    public async ValueTask InitializeAsync() => control = await FakeControl.StartAsync();

    public ValueTask DisposeAsync() => control.DisposeAsync();

    [Theory]
    [InlineData("0.0.9", "upgrade the control service")]
    [InlineData("9.0.0", "upgrade the provider")]
    public async Task Given_a_service_of_another_version_when_it_answers_another_type_or_lacks_a_route_then_the_message_says_which_to_upgrade(
        string version,
        string advice
    )
    {
        control.Version = version;
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        var inputs = new JsonObject { ["name"] = "orders", ["engine"] = "postgresql" };
        control.Misshapes = true;
        AssertAdvised(
            await engine.ResourceRefusalAsync(
                "create",
                new() { ["properties"] = inputs.DeepClone() }
            )
        );
        control.Misshapes = false;
        var created = await engine.ResourceAsync(
            "create",
            new() { ["properties"] = inputs.DeepClone() }
        );
        Assert.Equal(control.Only.Id, (string?)created["id"]);

        var known = new JsonObject
        {
            ["id"] = control.Only.Id,
            ["properties"] = created["properties"]!.DeepClone(),
            ["inputs"] = inputs.DeepClone(),
        };
        var change = new JsonObject
        {
            ["id"] = control.Only.Id,
            ["olds"] = created["properties"]!.DeepClone(),
            ["oldInputs"] = inputs.DeepClone(),
            ["news"] = inputs.DeepClone(),
        };
        control.Misshapes = true;
        AssertAdvised(await engine.ResourceRefusalAsync("read", (JsonObject)known.DeepClone()));
        AssertAdvised(await engine.ResourceRefusalAsync("update", change));
        control.Misshapes = false;
        control.ReadsAnswer404 = "request.route_unknown";
        AssertAdvised(await engine.ResourceRefusalAsync("read", known));

        void AssertAdvised(JsonObject refusal)
        {
            var message = (string)refusal["message"]!;
            Assert.Contains(advice, message, StringComparison.Ordinal);
            Assert.Contains(version, message, StringComparison.Ordinal);
            Assert.DoesNotContain("report this", message, StringComparison.Ordinal);
            // 2, 13 and 15 mean a state that is lost.
            Assert.True((int)refusal["code"]! is 5 or 9, refusal.ToJsonString());
        }
    }
}
