using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;
using Dbaas.Schema;

namespace Dbaas.Provider.Tests.Pulumi;

public sealed class CheckTests : IAsyncLifetime
{
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

    [Fact]
    public async Task Given_wrong_inputs_when_checked_then_each_failure_is_on_its_path()
    {
        var check = await CheckAsync(
            new()
            {
                ["engine"] = "oracle",
                ["cpu"] = "two",
                ["storageGib"] = 1.5,
                ["allowedCidrs"] = new JsonArray("10.0.0.0/8", "everywhere"),
                ["parameters"] = new JsonObject { ["a.b \"c\""] = 1 },
                ["maintenanceWindow"] = new JsonObject { ["day"] = "sunday", ["hour"] = 3 },
                ["tags"] = PulumiValues.Archive(),
                ["colour"] = "red",
            }
        );
        var paths = check["failuresList"]!
            .AsArray()
            .Select(one => (string)one!["property"]!)
            .ToList();
        Assert.Equal(
            [
                "",
                "",
                "allowedCidrs[1]",
                "cpu",
                "engine",
                "maintenanceWindow.startTime",
                "parameters[\"a.b \\\"c\\\"\"]",
                "storageGib",
                "tags",
            ],
            paths.Order(StringComparer.Ordinal)
        );
        var reasons = check["failuresList"]!.ToJsonString();
        Assert.Contains("tags cannot be an archive", reasons, StringComparison.Ordinal);
        Assert.Contains("colour: There is no such property", reasons, StringComparison.Ordinal);
        Assert.Contains(
            "maintenanceWindow.hour: There is no such property",
            reasons,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("orders", null, "", "^orders-[0-9a-f]{7}$")]
    [InlineData("My Orders ÄÖ 2", null, "", "^my-orders-2-[0-9a-f]{7}$")]
    [InlineData(
        "0123456789012345678901234567890123456789012345678901234567890123456789",
        null,
        "",
        "^r-0123[0-9]{49}-[0-9a-f]{7}$"
    )]
    [InlineData("orders", "PROPOSE", "dev-orders-1a2b", "^dev-orders-1a2b$")]
    [InlineData("orders", "PROPOSE", "Dev_Orders", "^dev-orders$")]
    [InlineData("orders", "ENFORCE", "exactly", "^exactly$")]
    public async Task Given_no_name_when_checked_then_the_engines_settings_choose_one_and_it_stays(
        string logical,
        string? mode,
        string proposed,
        string expected
    )
    {
        var request = new JsonObject
        {
            ["urn"] = $"urn:pulumi:dev::shop::{PulumiEngine.Type}::{logical}",
            ["name"] = logical,
            ["olds"] = new JsonObject(),
            ["news"] = new JsonObject { ["engine"] = "postgresql" },
        };
        if (mode is not null)
        {
            request["autonaming"] = new JsonObject { ["mode"] = mode, ["proposedName"] = proposed };
        }

        var check = await engine.ResourceAsync("check", (JsonObject)request.DeepClone());
        Assert.Empty(check["failuresList"]!.AsArray());
        var name = (string)check["inputs"]!["name"]!;
        Assert.Matches(expected, name);
        // A run that was killed begins again without olds and must come to the same name.
        var again = await engine.ResourceAsync("check", (JsonObject)request.DeepClone());
        Assert.Equal(name, (string?)again["inputs"]!["name"]);
        request["olds"] = new JsonObject { ["name"] = "kept", ["engine"] = "postgresql" };
        var later = await engine.ResourceAsync("check", request);
        Assert.Equal("kept", (string?)later["inputs"]!["name"]);
    }

    [Fact]
    public async Task Given_names_that_may_not_be_chosen_when_checked_then_the_failure_is_on_the_name()
    {
        var forbidden = await engine.ResourceAsync(
            "check",
            new()
            {
                ["news"] = new JsonObject { ["engine"] = "postgresql" },
                ["autonaming"] = new JsonObject { ["mode"] = "DISABLE" },
            }
        );
        Assert.Equal("name", (string?)forbidden["failuresList"]![0]!["property"]);
        var unfit = await engine.ResourceAsync(
            "check",
            new()
            {
                ["news"] = new JsonObject { ["engine"] = "postgresql" },
                ["autonaming"] = new JsonObject
                {
                    ["mode"] = "ENFORCE",
                    ["proposedName"] = "Not_Fit",
                },
            }
        );
        Assert.Equal("name", (string?)unfit["failuresList"]![0]!["property"]);
    }

    [Fact]
    public async Task Given_an_unknown_of_any_kind_in_any_place_when_checked_and_previewed_then_it_comes_out_unknown()
    {
        foreach (var unknown in PulumiValues.Unknowns)
        {
            foreach (var input in PackageSchema.Embedded.Resources[0].Inputs)
            {
                var news = new JsonObject
                {
                    ["name"] = "orders",
                    ["engine"] = "postgresql",
                    [input.Name] = unknown,
                };
                await AssertUnknownAsync(news, result => (string?)result[input.Name]);
            }
        }

        await AssertUnknownAsync(
            new()
            {
                ["name"] = "orders",
                ["engine"] = "postgresql",
                ["tags"] = new JsonObject { ["a"] = PulumiValues.Unknown, ["b"] = "c" },
            },
            result => (string?)result["tags"]!["a"]
        );
        await AssertUnknownAsync(
            new()
            {
                ["name"] = "orders",
                ["engine"] = "postgresql",
                ["allowedCidrs"] = new JsonArray("10.0.0.0/8", PulumiValues.Unknown),
            },
            result => (string?)result["allowedCidrs"]![1]
        );
        await AssertUnknownAsync(
            new()
            {
                ["name"] = "orders",
                ["engine"] = "postgresql",
                ["maintenanceWindow"] = new JsonObject
                {
                    ["day"] = PulumiValues.Unknown,
                    ["startTime"] = "01:00",
                },
            },
            result => (string?)result["maintenanceWindow"]!["day"]
        );
    }

    [Fact]
    public async Task Given_outputs_references_and_unicode_when_created_then_the_service_gets_plain_values()
    {
        var news = new JsonObject
        {
            ["name"] = "orders",
            ["engine"] = PulumiValues.Output("postgresql", secret: false),
            ["kmsKeyId"] = PulumiValues.Reference("urn:pulumi:dev::shop::x:y:Key::k", "key_42"),
            ["tags"] = new JsonObject { ["Größe 🐘"] = "שלום — 数据库", ["empty"] = "" },
        };
        var check = await CheckAsync((JsonObject)news.DeepClone());
        Assert.Empty(check["failuresList"]!.AsArray());
        var created = await engine.ResourceAsync(
            "create",
            new() { ["properties"] = check["inputs"]!.DeepClone() }
        );
        Assert.Equal("key_42", (string?)control.Only.Inputs["kmsKeyId"]);
        Assert.Equal("שלום — 数据库", (string?)control.Only.Inputs["tags"]!["Größe 🐘"]);
        Assert.Equal("שלום — 数据库", (string?)created["properties"]!["tags"]!["Größe 🐘"]);
        Assert.Equal("postgresql", (string?)created["properties"]!["engine"]);

        var pending = (JsonObject)news.DeepClone();
        pending["kmsKeyId"] = PulumiValues.Reference("urn:pulumi:dev::shop::x:y:Key::k", "");
        pending["name"] = "other";
        var preview = await engine.ResourceAsync(
            "create",
            new() { ["properties"] = pending, ["preview"] = true }
        );
        Assert.Equal(PulumiValues.Unknown, (string?)preview["properties"]!["kmsKeyId"]);
    }

    [Fact]
    public async Task Given_a_change_that_is_not_possible_in_place_when_checked_then_the_failure_names_the_way()
    {
        var check = await engine.ResourceAsync(
            "check",
            new()
            {
                ["olds"] = new JsonObject
                {
                    ["name"] = "orders",
                    ["engine"] = "postgresql",
                    ["region"] = "local-a",
                },
                ["news"] = new JsonObject { ["engine"] = "postgresql", ["region"] = "local-b" },
            }
        );
        var failure = check["failuresList"]!.AsArray().Single()!;
        Assert.Equal("region", (string?)failure["property"]);
        Assert.Contains(
            "Create an instance in the other region",
            (string)failure["reason"]!,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Given_generated_inputs_when_checked_twice_and_compared_then_nothing_changes()
    {
        foreach (var seed in Enumerable.Range(0, 40))
        {
            var random = new Random(seed);
            var news = new JsonObject { ["name"] = "orders", ["engine"] = "postgresql" };
            if (random.Next(2) == 0)
            {
                news["cpu"] = random.Next(1, 64) / 4.0 + 0.25;
            }

            if (random.Next(2) == 0)
            {
                news["tags"] = new JsonObject(
                    Enumerable
                        .Range(0, random.Next(5))
                        .Select(index =>
                            KeyValuePair.Create<string, JsonNode?>(
                                $"k{index}.\"",
                                random.Next(2) == 0 ? "v" : PulumiValues.Secret("v")
                            )
                        )
                );
            }

            if (random.Next(2) == 0)
            {
                news["allowedCidrs"] = new JsonArray([
                    .. Enumerable
                        .Range(0, random.Next(4))
                        .Select(index => (JsonNode)$"10.{index}.0.0/16"),
                ]);
            }

            var once = (await CheckAsync((JsonObject)news.DeepClone()))["inputs"]!.AsObject();
            var twice = await engine.ResourceAsync(
                "check",
                new() { ["olds"] = once.DeepClone(), ["news"] = once.DeepClone() }
            );
            Assert.True(JsonNode.DeepEquals(once, twice["inputs"]));
            var plain = Bare(once)!.AsObject();
            if (plain["allowedCidrs"] is JsonArray networks)
            {
                plain["allowedCidrs"] = new JsonArray([
                    .. networks.Reverse().Select(one => one!.DeepClone()),
                ]);
            }

            var diff = await engine.ResourceAsync(
                "diff",
                new()
                {
                    ["id"] = "ins_1",
                    ["olds"] = once.DeepClone(),
                    ["oldInputs"] = once.DeepClone(),
                    ["news"] = plain,
                }
            );
            Assert.Equal(1, (int)diff["changes"]!);
        }
    }

    private async Task AssertUnknownAsync(JsonObject news, Func<JsonNode, string?> at)
    {
        var check = await CheckAsync((JsonObject)news.DeepClone());
        Assert.Empty(check["failuresList"]!.AsArray());
        Assert.Contains(at(check["inputs"]!), PulumiValues.Unknowns);
        var preview = await engine.ResourceAsync(
            "create",
            new() { ["properties"] = check["inputs"]!.DeepClone(), ["preview"] = true }
        );
        Assert.Equal(PulumiValues.Unknown, at(preview["properties"]!));
    }

    private Task<JsonObject> CheckAsync(JsonObject news) =>
        engine.ResourceAsync("check", new() { ["olds"] = new JsonObject(), ["news"] = news });

    private static JsonNode? Bare(JsonNode? value) =>
        value switch
        {
            _ when PulumiValues.IsSecret(value) => Bare(value!["value"]),
            JsonObject members => new JsonObject(
                members.Select(member => KeyValuePair.Create(member.Key, Bare(member.Value)))
            ),
            JsonArray items => new JsonArray([.. items.Select(Bare)]),
            _ => value?.DeepClone(),
        };
}
