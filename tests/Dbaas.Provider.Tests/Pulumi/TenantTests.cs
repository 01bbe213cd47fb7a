using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>A tenant that is mistyped or was taken away is an error, and never a database that is gone.</summary>
public sealed class TenantTests : IAsyncLifetime
{
    private FakeControl control = null!;

    public async ValueTask InitializeAsync()
    {
        control = await FakeControl.StartAsync();
        control.Tenants = ["shop"];
    }

    public ValueTask DisposeAsync() => control.DisposeAsync();

    [Fact]
    public async Task Given_a_wrong_tenant_when_refreshed_changed_and_destroyed_then_the_setting_is_named_and_nothing_is_gone()
    {
        var inputs = new JsonObject { ["name"] = "orders", ["engine"] = "postgresql" };
        JsonObject created;
        await using (var right = await StartAsync("shop"))
        {
            created = await right.ResourceAsync(
                "create",
                new() { ["properties"] = inputs.DeepClone() }
            );
        }

        await using var wrong = await StartAsync("shpo");
        var id = (string)created["id"]!;
        foreach (
            var (method, request) in new Dictionary<string, JsonObject>
            {
                ["read"] = new()
                {
                    ["properties"] = created["properties"]!.DeepClone(),
                    ["inputs"] = inputs.DeepClone(),
                },
                ["update"] = new()
                {
                    ["olds"] = created["properties"]!.DeepClone(),
                    ["news"] = inputs.DeepClone(),
                },
                ["delete"] = new() { ["properties"] = created["properties"]!.DeepClone() },
            }
        )
        {
            request["id"] = id;
            var refusal = await wrong.ResourceRefusalAsync(method, request);
            var message = (string)refusal["message"]!;
            Assert.Contains("There is no tenant 'shpo'", message, StringComparison.Ordinal);
            Assert.Contains("dbaas:tenant", message, StringComparison.Ordinal);
            Assert.Contains("DBAAS_TENANT", message, StringComparison.Ordinal);
            Assert.Equal(9, (int)refusal["code"]!);
        }

        Assert.Equal(id, control.Only.Id);
    }

    [Theory]
    [InlineData("tenant.not_found", false)]
    [InlineData("key.not_found", false)]
    [InlineData("operation.not_found", false)]
    [InlineData("request.not_found", false)]
    [InlineData("instance.not_found", true)]
    public async Task Given_a_404_when_read_then_only_the_one_about_this_very_resource_means_gone(
        string code,
        bool isGone
    )
    {
        control.ReadsAnswer404 = code;
        await using var engine = await StartAsync("shop");
        var read = await engine.CallAsync(
            "read",
            new()
            {
                ["urn"] = PulumiEngine.Urn,
                ["type"] = PulumiEngine.Type,
                ["id"] = "ins_1",
                ["properties"] = new JsonObject(),
                ["inputs"] = new JsonObject(),
            }
        );
        Assert.Equal(isGone, read["error"] is null);
        Assert.Equal(isGone, (string?)read["response"]?["id"] == "");
    }

    private Task<PulumiEngine> StartAsync(string tenant) =>
        PulumiEngine.ConfiguredAsync(
            control,
            variables: new Dictionary<string, string> { ["DBAAS_TENANT"] = tenant }
        );
}
