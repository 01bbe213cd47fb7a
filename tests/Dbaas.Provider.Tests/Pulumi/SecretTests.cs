using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;
using Dbaas.Schema;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>What goes in secret comes out secret, and is nowhere in clear.</summary>
public sealed class SecretTests : IAsyncLifetime
{
    private const string Planted = "planted-4711";
    private FakeControl control = null!;
    private PulumiEngine engine = null!;

    public async ValueTask InitializeAsync()
    {
        control = await FakeControl.StartAsync();
        engine = await PulumiEngine.ConfiguredAsync(control);
    }

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        await control.DisposeAsync();
    }

    public static TheoryData<string> Places { get; } =
    [
        """{"tags":{"a":S,"b":"c"}}""",
        """{"tags":T}""",
        """{"parameters":{"work_mem":S}}""",
        """{"name":S}""",
        """{"databases":["first",S]}""",
        """{"databases":L}""",
        """{"kmsKeyId":S}""",
    ];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Given_a_secret_anywhere_when_created_changed_and_read_then_only_marked_places_hold_it(
        string place
    )
    {
        var inputs = With(place);
        var check = await engine.ResourceAsync(
            "check",
            new() { ["olds"] = new JsonObject(), ["news"] = inputs.DeepClone() }
        );
        Assert.Empty(check["failuresList"]!.AsArray());
        AssertHidden(check, holds: true);
        inputs = (JsonObject)check["inputs"]!.DeepClone();
        AssertHidden(
            await engine.ResourceAsync(
                "create",
                new() { ["properties"] = inputs.DeepClone(), ["preview"] = true }
            ),
            holds: true
        );
        var created = await engine.ResourceAsync(
            "create",
            new() { ["properties"] = inputs.DeepClone() }
        );
        AssertHidden(created, holds: true);
        Assert.Contains(Planted, control.Only.Inputs.ToJsonString(), StringComparison.Ordinal);
        var id = (string)created["id"]!;

        var read = await engine.ResourceAsync(
            "read",
            new()
            {
                ["id"] = id,
                ["properties"] = created["properties"]!.DeepClone(),
                ["inputs"] = inputs.DeepClone(),
            }
        );
        AssertHidden(read, holds: true);
        var wanted = (JsonObject)inputs.DeepClone();
        wanted["memoryGib"] = 8;
        var change = new JsonObject
        {
            ["id"] = id,
            ["olds"] = created["properties"]!.DeepClone(),
            ["oldInputs"] = inputs.DeepClone(),
            ["news"] = wanted,
        };
        AssertHidden(
            await engine.ResourceAsync("diff", (JsonObject)change.DeepClone()),
            holds: false
        );
        var preview = (JsonObject)change.DeepClone();
        preview["preview"] = true;
        AssertHidden(await engine.ResourceAsync("update", preview), holds: true);
        AssertHidden(await engine.ResourceAsync("update", change), holds: true);
        AssertHidden(
            new JsonObject
            {
                ["logs"] = new JsonArray([
                    .. (await engine.LogsAsync()).Select(line => line.DeepClone()),
                ]),
            },
            holds: false
        );
        var end = await engine.EndAsync("SIGINT");
        Assert.DoesNotContain(Planted, end.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_secret_the_service_refuses_when_it_repeats_it_then_the_message_does_not()
    {
        foreach (
            var wrong in new[]
            {
                new JsonObject { ["region"] = PulumiValues.Secret(Planted) },
                new JsonObject
                {
                    ["parameters"] = new JsonObject { ["unheard"] = PulumiValues.Secret(Planted) },
                },
            }
        )
        {
            wrong["name"] = "orders";
            wrong["engine"] = "postgresql";
            var refusal = await engine.ResourceRefusalAsync(
                "create",
                new() { ["properties"] = wrong.DeepClone(), ["preview"] = true }
            );
            Assert.Equal(3, (int)refusal["code"]!);
            Assert.DoesNotContain(Planted, refusal.ToJsonString(), StringComparison.Ordinal);
        }

        control.NextCreateFails = new()
        {
            Title = $"There is no region {Planted}",
            Status = 500,
            Code = "engine.failed",
            LogLines = [$"FATAL: {Planted}"],
        };
        var failed = await engine.ResourceRefusalAsync(
            "create",
            new()
            {
                ["properties"] = new JsonObject
                {
                    ["name"] = "orders",
                    ["engine"] = "postgresql",
                    ["tags"] = new JsonObject { ["x"] = PulumiValues.Secret(Planted) },
                },
            }
        );
        Assert.DoesNotContain(Planted, failed.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(
            "There is no region [secret]",
            (string)failed["message"]!,
            StringComparison.Ordinal
        );
        Assert.Equal(10, (int)failed["code"]!);
    }

    [Fact]
    public async Task Given_a_wrong_secret_in_every_input_when_checked_then_no_failure_shows_it()
    {
        var refused = 0;
        foreach (var input in PackageSchema.Embedded.Resources[0].Inputs)
        {
            foreach (
                var value in new JsonNode[]
                {
                    PulumiValues.Secret(Planted + "!"),
                    // A key that a path would show, and one in it that only an object refuses.
                    PulumiValues.Secret(
                        new JsonObject { [Planted] = new JsonObject { [Planted] = Planted } }
                    ),
                    PulumiValues.Secret(new JsonArray(new JsonObject { [Planted] = Planted })),
                    PulumiValues.Output(Planted + "!", secret: true),
                }
            )
            {
                var news = new JsonObject
                {
                    ["name"] = "orders",
                    ["engine"] = "postgresql",
                    [input.Name] = value,
                };
                var check = await engine.ResourceAsync(
                    "check",
                    new() { ["olds"] = new JsonObject(), ["news"] = news }
                );
                foreach (var failure in check["failuresList"]!.AsArray())
                {
                    refused++;
                    Assert.DoesNotContain(
                        Planted,
                        (string)failure!["reason"]!,
                        StringComparison.Ordinal
                    );
                    Assert.StartsWith(
                        input.Name,
                        (string)failure["reason"]!,
                        StringComparison.Ordinal
                    );
                    Assert.Equal("", (string?)failure["property"]);
                }
            }
        }

        // Of four values an input accepts at most one.
        Assert.InRange(refused, 3 * PackageSchema.Embedded.Resources[0].Inputs.Count, int.MaxValue);
    }

    [Fact]
    public async Task Given_a_map_that_is_secret_as_a_whole_when_its_keys_change_then_no_path_and_no_message_names_one()
    {
        var olds = new JsonObject
        {
            ["name"] = "orders",
            ["engine"] = "postgresql",
            ["parameters"] = PulumiValues.Secret(new JsonObject { ["work_mem"] = "7MB" }),
            ["tags"] = PulumiValues.Secret(new JsonObject { [Planted] = "before" }),
        };
        var created = await engine.ResourceAsync(
            "create",
            new() { ["properties"] = olds.DeepClone() }
        );
        var news = (JsonObject)olds.DeepClone();
        news["tags"] = PulumiValues.Secret(
            new JsonObject { [Planted] = "after", [Planted + "-2"] = "new" }
        );
        var change = new JsonObject
        {
            ["id"] = (string)created["id"]!,
            ["olds"] = created["properties"]!.DeepClone(),
            ["oldInputs"] = olds.DeepClone(),
            ["news"] = news,
        };
        var diff = await engine.ResourceAsync("diff", (JsonObject)change.DeepClone());
        Assert.Equal(["tags"], diff["diffsList"]!.AsArray().Select(one => (string)one!));
        Assert.Equal(["tags"], diff["detaileddiffMap"]!.AsObject().Select(one => one.Key));

        // The service names the key it refuses, in its pointer and in its words.
        var wrong = (JsonObject)change.DeepClone();
        wrong["news"]!["parameters"] = PulumiValues.Secret(
            new JsonObject { [Planted + "\"quoted"] = "x" }
        );
        wrong["preview"] = true;
        var refusal = await engine.ResourceRefusalAsync("update", wrong);
        Assert.StartsWith("parameters: ", (string)refusal["message"]!, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, refusal.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_plain_api_key_when_the_configuration_is_checked_then_it_comes_back_marked()
    {
        foreach (
            var key in new JsonNode[]
            {
                JsonValue.Create(Planted),
                PulumiValues.Secret(Planted),
                PulumiValues.Output(Planted, secret: true),
            }
        )
        {
            var check = await engine.AnswerAsync(
                "checkConfig",
                new()
                {
                    ["news"] = new JsonObject
                    {
                        ["endpoint"] = control.Endpoint,
                        ["apiKey"] = key,
                        ["version"] = "0.1.0",
                    },
                }
            );
            Assert.Empty(check["failuresList"]!.AsArray());
            Assert.DoesNotContain(
                Planted,
                PulumiValues.Visible(check)!.ToJsonString(),
                StringComparison.Ordinal
            );
            Assert.Equal(control.Endpoint, (string?)check["inputs"]!["endpoint"]);
            Assert.Equal("0.1.0", (string?)check["inputs"]!["version"]);
            // What was marked is given to Configure again on later runs.
            await engine.AnswerAsync(
                "configure",
                new() { ["args"] = check["inputs"]!.DeepClone() }
            );
        }
    }

    private static JsonObject With(string place)
    {
        var secret = PulumiValues.Secret(Planted).ToJsonString();
        var inputs = JsonNode
            .Parse(
                place
                    .Replace(
                        ":T",
                        ":"
                            + PulumiValues
                                .Secret(new JsonObject { ["a"] = Planted })
                                .ToJsonString(),
                        StringComparison.Ordinal
                    )
                    .Replace(
                        ":L",
                        ":" + PulumiValues.Secret(new JsonArray(Planted)).ToJsonString(),
                        StringComparison.Ordinal
                    )
                    .Replace("S}", secret + "}", StringComparison.Ordinal)
                    .Replace("S,", secret + ",", StringComparison.Ordinal)
                    .Replace("S]", secret + "]", StringComparison.Ordinal)
            )!
            .AsObject();
        inputs["name"] ??= "orders";
        inputs["engine"] = "postgresql";
        return inputs;
    }

    private static void AssertHidden(JsonObject answer, bool holds)
    {
        Assert.DoesNotContain(
            Planted,
            PulumiValues.Visible(answer)!.ToJsonString(),
            StringComparison.Ordinal
        );
        Assert.Equal(holds, answer.ToJsonString().Contains(Planted, StringComparison.Ordinal));
    }
}
