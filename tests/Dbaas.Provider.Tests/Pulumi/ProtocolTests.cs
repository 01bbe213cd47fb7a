using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;
using Dbaas.Schema;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>What the engine asks of every provider, beside resources.</summary>
public sealed class ProtocolTests : IAsyncLifetime
{
    private FakeControl control = null!;
    private PulumiEngine engine = null!;

    public async ValueTask InitializeAsync()
    {
        control = await FakeControl.StartAsync();
        engine = await PulumiEngine.StartAsync(control);
    }

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        await control.DisposeAsync();
    }

    [Fact]
    public async Task Given_a_start_when_greeted_then_the_port_is_the_only_output_and_both_greetings_say_the_same()
    {
        var hello = await engine.AnswerAsync(
            "handshake",
            new() { ["engineAddress"] = "127.0.0.1:1" }
        );
        var configured = await engine.AnswerAsync(
            "configure",
            new() { ["args"] = new JsonObject() }
        );
        Assert.True((bool)hello["acceptSecrets"]!);
        Assert.True((bool)hello["acceptResources"]!);
        Assert.False((bool)hello["acceptOutputs"]!);
        Assert.True((bool)hello["supportsAutonamingConfiguration"]!);
        Assert.True((bool)configured["acceptsecrets"]!);
        Assert.True((bool)configured["acceptresources"]!);
        Assert.False((bool)configured["acceptoutputs"]!);
        Assert.True((bool)configured["supportspreview"]!);
        Assert.True((bool)configured["supportsAutonamingConfiguration"]!);
        var facts = await engine.FactsAsync();
        Assert.Equal($"{facts["port"]}\n", (string?)facts["output"]);
        Assert.Equal("", (string?)facts["errors"]);
    }

    [Fact]
    public async Task Given_the_binary_when_asked_what_it_is_then_version_and_schema_are_those_of_schema_json()
    {
        var info = await engine.AnswerAsync("getPluginInfo");
        Assert.Equal(PackageSchema.Embedded.Version, (string?)info["version"]);
        var schema = await engine.AnswerAsync("getSchema", new() { ["version"] = 0 });
        var text = (string)schema["schema"]!;
        Assert.Equal(PackageSchema.EmbeddedText(), text);
        Assert.Equal(PackageSchema.Embedded.Version, (string?)JsonNode.Parse(text)!["version"]);
        Assert.Equal(
            3,
            (int)(await engine.RefusalAsync("getSchema", new() { ["version"] = 7 }))["code"]!
        );
        Assert.Equal(
            "",
            (string?)
                (await engine.AnswerAsync("getMapping", new() { ["key"] = "terraform" }))[
                    "provider"
                ]
        );
        Assert.Empty(
            (await engine.AnswerAsync("getMappings", new() { ["key"] = "terraform" }))[
                "providersList"
            ]!.AsArray()
        );
        await engine.AnswerAsync("attach", new() { ["address"] = "127.0.0.1:1" });
    }

    [Theory]
    [InlineData("parameterize", "takes no parameters")]
    [InlineData("construct", "has no components")]
    [InlineData("call", "has no components")]
    public async Task Given_what_this_provider_has_not_when_called_then_it_is_unimplemented_in_plain_words(
        string method,
        string words
    )
    {
        var refusal = await engine.RefusalAsync(method, []);
        Assert.Equal(12, (int)refusal["code"]!);
        Assert.Contains(words, (string)refusal["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_wrong_configuration_when_checked_then_each_key_is_named_and_no_value_of_a_secret_is()
    {
        var check = await engine.AnswerAsync(
            "checkConfig",
            new()
            {
                ["news"] = new JsonObject
                {
                    ["endpoint"] = "http://127.0.0.1:1",
                    ["apiKey"] = 12345678,
                    ["colour"] = "planted-value",
                    ["version"] = "0.1.0",
                },
            }
        );
        var failures = check["failuresList"]!.AsArray();
        Assert.Equal(
            ["", "", "endpoint"],
            failures.Select(one => (string)one!["property"]!).Order()
        );
        Assert.Contains(
            failures,
            one =>
                ((string)one!["reason"]!).StartsWith(
                    "colour: There is no such property",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(
            failures,
            one =>
                ((string)one!["reason"]!).StartsWith(
                    "apiKey: apiKey cannot be a number",
                    StringComparison.Ordinal
                )
        );
        Assert.DoesNotContain("planted-value", failures.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("12345678", failures.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_any_setting_when_it_changes_then_no_resource_is_touched()
    {
        foreach (var setting in PackageSchema.Embedded.Settings)
        {
            foreach (var after in new[] { "https://127.0.0.1:2", PulumiValues.Unknown })
            {
                var diff = await engine.AnswerAsync(
                    "diffConfig",
                    new()
                    {
                        ["olds"] = new JsonObject { [setting.Name] = "https://127.0.0.1:1" },
                        ["oldInputs"] = new JsonObject { [setting.Name] = "https://127.0.0.1:1" },
                        ["news"] = new JsonObject { [setting.Name] = after },
                    }
                );
                Assert.Equal(2, (int)diff["changes"]!);
                Assert.Equal(setting.Name, (string?)diff["diffsList"]![0]);
                Assert.Empty(diff["replacesList"]!.AsArray());
                Assert.Equal(4, (int)diff["detaileddiffMap"]![setting.Name]!["kind"]!);
            }
        }
    }

    [Fact]
    public async Task Given_functions_when_invoked_then_arguments_are_checked_and_secrets_marked()
    {
        await engine.AnswerAsync("configure", new() { ["args"] = new JsonObject() });
        await CreateAsync("orders");
        var instance = await InvokeAsync("getInstance", new() { ["name"] = "orders" });
        Assert.Equal(control.Only.Id, (string?)instance["return"]!["id"]);
        var credentials = await InvokeAsync("getCredentials", new() { ["instance"] = "orders" });
        Assert.True(PulumiValues.IsSecret(credentials["return"]!["password"]));
        Assert.Equal(FakeControl.Password, (string?)credentials["return"]!["password"]!["value"]);
        var versions = await InvokeAsync("getEngineVersions", []);
        Assert.Single(versions["return"]!["versions"]!.AsArray());

        var missing = await InvokeAsync("getInstance", []);
        Assert.Equal("name", (string?)missing["failuresList"]![0]!["property"]);
        var wrong = await InvokeAsync("getInstance", new() { ["name"] = PulumiValues.Asset() });
        Assert.Contains(
            "cannot be an asset",
            wrong["failuresList"]!.ToJsonString(),
            StringComparison.Ordinal
        );
        var gone = await engine.RefusalAsync(
            "invoke",
            new()
            {
                ["tok"] = "dbaas:index:getInstance",
                ["args"] = new JsonObject { ["name"] = "nothing" },
            }
        );
        Assert.Equal(5, (int)gone["code"]!);
        var unknown = await engine.RefusalAsync(
            "invoke",
            new() { ["tok"] = "dbaas:index:getNothing", ["args"] = new JsonObject() }
        );
        Assert.Equal(3, (int)unknown["code"]!);
        Assert.Contains("getRegions", (string)unknown["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_several_resources_when_listed_in_pages_then_each_comes_once()
    {
        await engine.AnswerAsync("configure", new() { ["args"] = new JsonObject() });
        foreach (var name in new[] { "a-1", "a-2", "a-3" })
        {
            await CreateAsync(name);
        }

        var names = new List<string>();
        var token = "";
        do
        {
            var page = await engine.CallAsync(
                "list",
                new()
                {
                    ["token"] = PulumiEngine.Type,
                    ["pageSize"] = 2,
                    ["continuationToken"] = token,
                }
            );
            token = "";
            foreach (var item in page["response"]!.AsArray())
            {
                if (item!["result"] is JsonObject result)
                {
                    names.Add((string)result["name"]!);
                }

                token = (string?)item["continuation"]?["continuationToken"] ?? token;
            }
        } while (token.Length > 0);

        Assert.Equal(["a-1", "a-2", "a-3"], names.Order());
        var one = await engine.CallAsync(
            "list",
            new() { ["token"] = PulumiEngine.Type, ["limit"] = 1 }
        );
        Assert.Single(one["response"]!.AsArray());
    }

    private Task<JsonObject> InvokeAsync(string function, JsonObject arguments) =>
        engine.AnswerAsync(
            "invoke",
            new() { ["tok"] = $"dbaas:index:{function}", ["args"] = arguments }
        );

    private Task<JsonObject> CreateAsync(string name) =>
        engine.ResourceAsync(
            "create",
            new()
            {
                ["properties"] = new JsonObject { ["name"] = name, ["engine"] = "postgresql" },
            }
        );
}
