using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.BadInput;

/// <summary>Rows 25 to 43 and 56 to 60 through REST: create, replace and plan, for both engines.</summary>
[Collection(BadInputRows.Name)]
public sealed class InstanceRowTests(BadInputControl control)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Engines => ["postgresql", "mysql"];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Given_each_wrong_member_when_created_or_planned_then_its_code_pointer_and_what_is_allowed(
        string engine
    )
    {
        var before = await control.RowsAsync();
        var wrong = new List<string>();
        foreach (
            var row in InstanceRows.All.Where(row => row.Engine.Length == 0 || row.Engine == engine)
        )
        {
            var inputs = Inputs(engine, row);
            try
            {
                using var create = Refusal.Request(
                    HttpMethod.Post,
                    "/v1/instances",
                    inputs.ToJsonString()
                );
                await Refusal.IsAsync(
                    control.Owner,
                    create,
                    422,
                    "instance.invalid",
                    row.Pointer,
                    row.Allowed
                );
                var plan = await PlanAsync("create", null, inputs);
                Assert.False((bool)plan["valid"]!);
                Assert.Equal(
                    (row.Pointer, row.Code),
                    ((string?)plan["errors"]![0]!["pointer"], (string?)plan["errors"]![0]!["code"])
                );
            }
            catch (Xunit.Sdk.XunitException e)
            {
                wrong.Add(
                    $"{row.Row} {row.Member} {row.Json[..Math.Min(60, row.Json.Length)]}: {e.Message}"
                );
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, await control.RowsAsync());
    }

    [Fact]
    public async Task Given_each_wrong_member_when_replaced_or_patched_then_the_instance_stays_as_it_is()
    {
        var before = await InstanceAsync();
        var wrong = new List<string>();
        foreach (
            var row in InstanceRows.All.Where(row =>
                (row.Engine.Length == 0 || row.Engine == "postgresql")
                && row.Member is not ("engine" or "region" or "engineVersion")
            )
        )
        {
            try
            {
                using var put = Refusal.Request(
                    HttpMethod.Put,
                    $"/v1/instances/{control.Instance}",
                    Inputs("postgresql", row).ToJsonString()
                );
                // A size below today's is refused for being smaller, before its range is looked at.
                await Refusal.IsAsync(control.Owner, put, 422, "instance.invalid", row.Pointer);
                using var patch = Refusal.Request(
                    HttpMethod.Patch,
                    $"/v1/instances/{control.InstanceName}",
                    new JsonObject { [row.Member] = JsonNode.Parse(row.Json) }.ToJsonString()
                );
                await Refusal.IsAsync(control.Owner, patch, 422, "instance.invalid", row.Pointer);
            }
            catch (Xunit.Sdk.XunitException e)
            {
                wrong.Add($"{row.Row} {row.Member}: {e.Message}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, await InstanceAsync());

        async Task<string> InstanceAsync()
        {
            var instance = JsonNode.Parse(
                await control.Owner.GetStringAsync($"/v1/instances/{control.Instance}", Token)
            )!;
            // It grows by itself.
            Assert.True(instance.AsObject().Remove("costSoFar"));
            return instance.ToJsonString();
        }
    }

    [Theory]
    [InlineData("cpu", "100000")]
    [InlineData("members", "1")]
    public async Task Given_thousands_of_wrong_members_when_sent_then_fifty_are_told(
        string kind,
        string value
    )
    {
        var body = new JsonObject();
        for (var i = 0; i < 20_000; i++)
        {
            body[$"{kind}-{i}"] = JsonNode.Parse(value);
        }

        foreach (
            var (method, path) in new[]
            {
                (HttpMethod.Post, "/v1/instances"),
                (HttpMethod.Patch, $"/v1/instances/{control.Instance}"),
            }
        )
        {
            using var request = Refusal.Request(method, path, body.ToJsonString());
            var problem = await Refusal.IsAsync(control.Owner, request, 422, "json.unknown_member");
            Assert.Equal(50, problem["errors"]!.AsArray().Count);
            Assert.Contains(
                "50 members or more",
                (string?)problem["detail"],
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task Given_two_hundred_unknown_parameters_when_created_then_fifty_are_told_and_the_rest_counted()
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var parameters = new JsonObject();
        for (var i = 0; i < 200; i++)
        {
            parameters[$"unheard_of_{i}"] = "1";
        }

        inputs["parameters"] = parameters;
        using var request = Refusal.Request(
            HttpMethod.Post,
            "/v1/instances",
            inputs.ToJsonString()
        );
        var problem = await Refusal.IsAsync(control.Owner, request, 422, "instance.invalid");
        var errors = problem["errors"]!.AsArray();
        Assert.Equal(51, errors.Count);
        Assert.StartsWith("150 more", (string?)errors[50]!["message"], StringComparison.Ordinal);
        var plan = await PlanAsync("create", null, inputs);
        Assert.Equal(51, plan["errors"]!.AsArray().Count);
    }

    [Fact]
    public async Task Given_names_that_differ_by_case_only_when_planned_then_they_are_two_databases()
    {
        // Both engines run on a file system and with settings that tell A from a.
        foreach (var engine in (string[])["postgresql", "mysql"])
        {
            var inputs = Inputs(engine, null);
            inputs["databases"] = new JsonArray("Orders", "orders", "a$b", "a-b", "_x");
            Assert.True((bool)(await PlanAsync("create", null, inputs))["valid"]!);
        }
    }

    [Fact]
    public async Task Given_a_network_that_is_everybody_when_planned_then_it_is_warned_of()
    {
        var inputs = Inputs("postgresql", null);
        inputs["allowedCidrs"] = new JsonArray("0.0.0.0/0");
        var plan = await PlanAsync("create", null, inputs);
        Assert.True((bool)plan["valid"]!);
        Assert.Equal("instance.cidr_open", (string?)plan["warnings"]![0]!["code"]);
    }

    [Fact]
    public async Task Given_more_than_the_quota_or_the_region_has_when_created_then_409_with_what_is_left()
    {
        var before = await control.RowsAsync();
        var inputs = Inputs("postgresql", null);
        inputs["storageGib"] = 65_536;
        inputs["cpu"] = 64;
        using var request = Refusal.Request(
            HttpMethod.Post,
            "/v1/instances",
            inputs.ToJsonString()
        );
        using var answer = await control.Owner.SendAsync(request, Token);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!;
        Assert.True((int)answer.StatusCode == 409, problem.ToJsonString());
        Assert.StartsWith("capacity.", (string?)problem["code"], StringComparison.Ordinal);
        Assert.Contains(
            problem["errors"]!.AsArray(),
            one => (string?)one!["pointer"] == "/storageGib"
        );
        Assert.False((bool)(await PlanAsync("create", null, inputs))["valid"]!);
        Assert.Equal(before, await control.RowsAsync());
    }

    [Theory]
    [InlineData("http://169.254.169.254/")]
    [InlineData("https://localhost:1/")]
    [InlineData("file:///etc/passwd")]
    public async Task Given_a_key_service_nobody_configured_when_registered_then_422_and_no_call(
        string endpoint
    )
    {
        using var request = Refusal.Request(
            HttpMethod.Post,
            "/v1/keys",
            new JsonObject
            {
                ["alias"] = InstanceApi.Name(),
                ["endpoint"] = endpoint,
            }.ToJsonString()
        );
        await Refusal.IsAsync(
            control.Owner,
            request,
            422,
            "key.endpoint_not_allowed",
            "/endpoint",
            "https://127.0.0.1"
        );
    }

    private static JsonObject Inputs(string engine, InstanceRow? row)
    {
        var inputs = new JsonObject
        {
            ["name"] = InstanceApi.Name(),
            ["engine"] = engine,
            ["memoryGib"] = 2,
            ["storageGib"] = 5,
        };
        if (row is not null)
        {
            inputs[row.Member] = JsonNode.Parse(row.Json);
        }

        return inputs;
    }

    private async Task<JsonNode> PlanAsync(string action, string? id, JsonObject inputs)
    {
        var plan = new JsonObject
        {
            ["resource"] = "DatabaseInstance",
            ["action"] = action,
            ["id"] = id,
            ["inputs"] = inputs.DeepClone(),
        };
        using var request = Refusal.Request(HttpMethod.Post, "/v1/plan", plan.ToJsonString());
        using var answer = await control.Owner.SendAsync(request, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.IsSuccessStatusCode, text);
        Assert.DoesNotContain(
            Refusal.Canary,
            JsonNode.Parse(text)!["errors"]!.ToJsonString(),
            StringComparison.Ordinal
        );
        return JsonNode.Parse(text)!;
    }
}
