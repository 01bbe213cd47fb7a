using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>Where the provider finds the service: configuration, then environment, then profile.</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    private FakeControl control = null!;

    public async ValueTask InitializeAsync() => control = await FakeControl.StartAsync();

    public ValueTask DisposeAsync() => control.DisposeAsync();

    [Fact]
    public async Task Given_nothing_at_all_when_configured_then_the_missing_keys_are_named_in_the_way_the_tool_understands()
    {
        await using var engine = await PulumiEngine.StartAsync(null);
        var refusal = await engine.RefusalAsync("configure", new() { ["args"] = new JsonObject() });
        Assert.Equal("pulumirpc.ConfigureErrorMissingKeys", (string?)refusal["type"]);
        Assert.NotEmpty(refusal["detail"]!["missingkeysList"]!.AsArray());
        Assert.StartsWith(
            "dbaas:",
            (string)refusal["detail"]!["missingkeysList"]![0]!["name"]!,
            StringComparison.Ordinal
        );
        Assert.Contains("pulumi config set", (string)refusal["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_configuration_when_the_environment_says_otherwise_then_the_configuration_holds()
    {
        await using var engine = await PulumiEngine.StartAsync(
            control,
            variables: new Dictionary<string, string>
            {
                ["DBAAS_ENDPOINT"] = "https://127.0.0.1:1",
                ["DBAAS_REGION"] = "local-a",
            }
        );
        await engine.AnswerAsync(
            "configure",
            new()
            {
                ["args"] = new JsonObject
                {
                    ["endpoint"] = control.Endpoint,
                    ["apiKey"] = PulumiValues.Secret(FakeControl.ApiKey),
                    ["region"] = "local-b",
                },
            }
        );
        var check = await engine.ResourceAsync(
            "check",
            new()
            {
                ["olds"] = new JsonObject(),
                ["news"] = new JsonObject { ["engine"] = "postgresql" },
            }
        );
        Assert.Equal("local-b", (string?)check["inputs"]!["region"]);
        // Chosen once, it stays: a changed setting must not move a database.
        var again = await engine.ResourceAsync(
            "check",
            new()
            {
                ["olds"] = new JsonObject
                {
                    ["name"] = "orders",
                    ["engine"] = "postgresql",
                    ["region"] = "local-a",
                },
                ["news"] = new JsonObject { ["engine"] = "postgresql" },
            }
        );
        Assert.Equal("local-a", (string?)again["inputs"]!["region"]);
        Assert.Equal("orders", (string?)again["inputs"]!["name"]);
        await engine.ResourceAsync(
            "create",
            new() { ["properties"] = check["inputs"]!.DeepClone() }
        );
        Assert.Single(control.Instances);
    }

    [Fact]
    public async Task Given_a_profile_when_nothing_else_is_said_then_it_is_used_with_its_tenant_and_region()
    {
        var root = Directory.CreateTempSubdirectory("dbaas-profile-").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(root, "profile.json"),
            new JsonObject
            {
                ["endpoint"] = control.Endpoint,
                ["caFile"] = control.CaFile,
                ["apiKey"] = FakeControl.ApiKey,
                ["region"] = "local-b",
            }.ToJsonString(),
            TestContext.Current.CancellationToken
        );
        await using (
            var engine = await PulumiEngine.StartAsync(
                null,
                variables: new Dictionary<string, string> { ["DBAAS_ROOT"] = root }
            )
        )
        {
            await engine.AnswerAsync("configure", new() { ["args"] = new JsonObject() });
            var check = await engine.ResourceAsync(
                "check",
                new()
                {
                    ["news"] = new JsonObject { ["name"] = "orders", ["engine"] = "postgresql" },
                }
            );
            Assert.Equal("local-b", (string?)check["inputs"]!["region"]);
            await engine.ResourceAsync(
                "create",
                new() { ["properties"] = check["inputs"]!.DeepClone() }
            );
        }

        Assert.Single(control.Instances);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Given_an_installation_that_is_named_when_it_has_no_profile_or_a_damaged_one_then_no_other_is_taken()
    {
        var named = Directory.CreateTempSubdirectory("dbaas-profile-").FullName;
        var home = Directory.CreateTempSubdirectory("dbaas-home-").FullName;
        var other = Path.Combine(home, ".config", "dbaas");
        Directory.CreateDirectory(other);
        var token = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(Path.Combine(other, "profile.json"), Profile(), token);
        var variables = new Dictionary<string, string> { ["DBAAS_ROOT"] = named, ["HOME"] = home };
        await using (var engine = await PulumiEngine.StartAsync(null, variables: variables))
        {
            var refusal = await engine.RefusalAsync(
                "configure",
                new() { ["args"] = new JsonObject() }
            );
            Assert.Equal("pulumirpc.ConfigureErrorMissingKeys", (string?)refusal["type"]);
        }

        var damaged = Path.Combine(named, "profile.json");
        await File.WriteAllTextAsync(damaged, "{\"endpoint\": ", token);
        await using (var engine = await PulumiEngine.StartAsync(null, variables: variables))
        {
            var refusal = await engine.RefusalAsync(
                "configure",
                new() { ["args"] = new JsonObject() }
            );
            Assert.Equal(3, (int)refusal["code"]!);
            Assert.Contains(damaged, (string)refusal["message"]!, StringComparison.Ordinal);
        }

        Directory.Delete(named, recursive: true);
        Directory.Delete(home, recursive: true);
        Assert.Empty(control.Requests);
    }

    [Fact]
    public async Task Given_an_endpoint_with_a_slash_at_its_end_when_the_profile_has_none_then_it_is_the_same_service()
    {
        var root = Directory.CreateTempSubdirectory("dbaas-profile-").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(root, "profile.json"),
            Profile(),
            TestContext.Current.CancellationToken
        );
        await using (
            var engine = await PulumiEngine.StartAsync(
                null,
                variables: new Dictionary<string, string>
                {
                    ["DBAAS_ROOT"] = root,
                    ["DBAAS_ENDPOINT"] = control.Endpoint + "/",
                }
            )
        )
        {
            await engine.AnswerAsync("configure", new() { ["args"] = new JsonObject() });
            await engine.ResourceAsync(
                "create",
                new()
                {
                    ["properties"] = new JsonObject
                    {
                        ["name"] = "orders",
                        ["engine"] = "postgresql",
                    },
                }
            );
        }

        Assert.Single(control.Instances);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Given_a_wrong_key_authority_or_address_when_used_then_the_message_says_which()
    {
        await using var engine = await PulumiEngine.StartAsync(control);
        await engine.AnswerAsync(
            "configure",
            new() { ["args"] = new JsonObject { ["apiKey"] = "dbk_wrong_key" } }
        );
        var wrongKey = await ReadAsync(engine);
        Assert.Equal(16, (int)wrongKey["code"]!);
        Assert.DoesNotContain("dbk_wrong_key", wrongKey.ToJsonString(), StringComparison.Ordinal);

        using var stranger = new FakeAuthority();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, stranger.Pem, TestContext.Current.CancellationToken);
        await engine.AnswerAsync(
            "configure",
            new() { ["args"] = new JsonObject { ["caFile"] = file } }
        );
        var wrongAuthority = await ReadAsync(engine);
        Assert.Equal(14, (int)wrongAuthority["code"]!);
        Assert.Contains(
            "dbaas:caFile",
            (string)wrongAuthority["message"]!,
            StringComparison.Ordinal
        );
        File.Delete(file);

        await engine.AnswerAsync(
            "configure",
            new() { ["args"] = new JsonObject { ["endpoint"] = "https://127.0.0.1:1" } }
        );
        var nobody = await ReadAsync(engine);
        Assert.Equal(14, (int)nobody["code"]!);
        Assert.Contains(
            "https://127.0.0.1:1 cannot be reached",
            (string)nobody["message"]!,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("apiKey")]
    [InlineData("tenant")]
    public async Task Given_a_value_no_header_can_hold_when_configured_then_the_setting_is_named_and_the_value_is_not(
        string setting
    )
    {
        await using var engine = await PulumiEngine.StartAsync(control);
        var refusal = await engine.RefusalAsync(
            "configure",
            new() { ["args"] = new JsonObject { [setting] = "from-a-file\n" } }
        );
        Assert.Equal(3, (int)refusal["code"]!);
        var message = (string)refusal["message"]!;
        Assert.StartsWith($"dbaas:{setting}: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("from-a-file", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.9", "upgrade the control service")]
    [InlineData("9.0.0", "upgrade the provider")]
    public async Task Given_a_service_of_another_version_when_it_does_not_understand_then_the_message_says_which_to_upgrade(
        string version,
        string advice
    )
    {
        control.Version = version;
        control.Misunderstands = true;
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        var refusal = await engine.ResourceRefusalAsync(
            "create",
            new()
            {
                ["properties"] = new JsonObject { ["name"] = "orders", ["engine"] = "postgresql" },
            }
        );
        Assert.Equal(3, (int)refusal["code"]!);
        Assert.Contains(advice, (string)refusal["message"]!, StringComparison.Ordinal);
        Assert.Contains(version, (string)refusal["message"]!, StringComparison.Ordinal);

        using var terraform = new Terraform.TerraformFolder(
            control,
            "resource \"dbaas_database_instance\" \"orders\" {\n name = \"orders\"\n engine = \"postgresql\"\n}"
        );
        var plan = await terraform.RunAsync("plan", "-no-color");
        Assert.NotEqual(0, plan.ExitCode);
        Assert.Contains(advice, plan.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_busy_service_when_called_then_its_delays_are_kept_and_the_call_arrives()
    {
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        control.Throttled = 12;
        control.Unavailable = 3;
        var created = await engine.ResourceAsync(
            "create",
            new()
            {
                ["properties"] = new JsonObject { ["name"] = "orders", ["engine"] = "postgresql" },
            }
        );
        Assert.Equal(control.Only.Id, (string?)created["id"]);
        Assert.Equal(0, control.Throttled);
        Assert.Equal(0, control.Unavailable);
    }

    private string Profile() =>
        new JsonObject
        {
            ["endpoint"] = control.Endpoint,
            ["caFile"] = control.CaFile,
            ["apiKey"] = FakeControl.ApiKey,
        }.ToJsonString();

    private static Task<JsonObject> ReadAsync(PulumiEngine engine) =>
        engine.ResourceRefusalAsync("read", new() { ["id"] = "orders" });
}
