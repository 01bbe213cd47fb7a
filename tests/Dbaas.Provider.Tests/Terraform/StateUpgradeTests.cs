using System.Text.Json.Nodes;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Terraform;
using Dbaas.Provider.Terraform.Wire;
using Dbaas.Provider.Tests.Fakes;
using Dbaas.Provider.Translation;
using Dbaas.Schema;
using Google.Protobuf;

namespace Dbaas.Provider.Tests.Terraform;

/// <summary>State as other versions of the provider left it, or as somebody edited it: read, or refused in words, never a crash.</summary>
public sealed class StateUpgradeTests
{
    private const string TypeName = "dbaas_database_instance";
    private static readonly PackageSchema Package = PackageSchema.Embedded;
    private static readonly ResourceType Type = new(
        Package,
        Package.Resources.Single(resource => TerraformNames.Resource(Package, resource) == TypeName)
    );

    [Fact]
    public void Given_state_of_an_older_version_when_it_is_upgraded_then_what_it_lacks_is_null_and_what_it_has_stays()
    {
        var upgraded = Upgraded("""{"id":"ins_1","name":"orders","cpu":2,"storage_gib":"20"}""");

        Assert.Equal(new Value.Text("ins_1"), upgraded["id"]);
        Assert.Equal(new Value.Text("orders"), upgraded["name"]);
        Assert.Equal(new Value.Number("2"), upgraded["cpu"]);
        Assert.Equal(new Value.Number("20"), upgraded["storage_gib"]);
        Assert.Equal(Value.Null, upgraded["parameters"]);
        Assert.Equal(Value.Null, upgraded["deletion_protection"]);
    }

    [Fact]
    public void Given_state_with_members_of_another_version_when_it_is_upgraded_then_they_are_dropped()
    {
        var upgraded = Upgraded(
            """{"id":"ins_1","name":"orders","replicas":[{"region":"b"}],"databases":["a","b"],"tags":{"team":"x","none":null}}"""
        );

        Assert.Equal(new Value.Text("orders"), upgraded["name"]);
        Assert.DoesNotContain(upgraded.Members.Keys, name => name == "replicas");
        Assert.Equal(2, Assert.IsType<Value.List>(upgraded["databases"]).Items.Count);
    }

    [Fact]
    public void Given_state_of_a_newer_version_when_it_is_upgraded_then_it_is_refused_with_the_way_out()
    {
        var response = Upgrade("""{"id":"ins_1"}""", version: SchemaMessages.StateVersion + 1);

        Assert.Null(response.UpgradedState);
        Assert.Contains(
            "Use the newer provider",
            Assert.Single(response.Diagnostics).Detail,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"id":"ins_1","id":"ins_2"}""")]
    [InlineData("""{"name":5}""")]
    [InlineData("""{"name":{"first":"orders"}}""")]
    [InlineData("""{"cpu":"many"}""")]
    [InlineData("""{"cpu":true}""")]
    [InlineData("""{"deletion_protection":"yes"}""")]
    [InlineData("""{"databases":"shop"}""")]
    [InlineData("""{"databases":[1]}""")]
    [InlineData("""{"tags":["a"]}""")]
    public void Given_state_that_is_broken_when_it_is_upgraded_then_a_message_says_what_to_do(
        string json
    )
    {
        var response = Upgrade(json, SchemaMessages.StateVersion);

        Assert.Null(response.UpgradedState);
        var told = Assert.Single(response.Diagnostics);
        Assert.Equal("The stored state cannot be read", told.Summary);
        Assert.Contains("import the resource again", told.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_state_file_of_another_version_when_terraform_plans_then_nothing_changes()
    {
        await using var control = await FakeControl.StartAsync();
        using var folder = new TerraformFolder(
            control,
            """
            resource "dbaas_database_instance" "orders" {
              name   = "orders"
              engine = "postgresql"
            }
            """
        );
        await folder.ApplyAsync();
        var file = Path.Combine(folder.Root, "terraform.tfstate");
        var state = JsonNode.Parse(folder.State)!;
        var attributes = state["resources"]![0]!["instances"]![0]!["attributes"]!.AsObject();
        attributes["replicas"] = new JsonArray("b");
        Assert.True(attributes.Remove("parameters"));
        Assert.True(attributes.Remove("endpoint"));
        await File.WriteAllTextAsync(
            file,
            state.ToJsonString(),
            TestContext.Current.CancellationToken
        );

        await folder.AssertEmptyPlanAsync();
        Assert.Single(control.Instances);
    }

    private static Value.Map Upgraded(string json)
    {
        var response = Upgrade(json, SchemaMessages.StateVersion);
        Assert.Empty(response.Diagnostics);
        return Assert.IsType<Value.Map>(
            MsgPackReader.Read(Type.Type, response.UpgradedState.Msgpack.Memory)
        );
    }

    private static UpgradeResourceState.Types.Response Upgrade(string json, long version)
    {
        var methods = new TerraformService(
            Package,
            new(Package, HostTool.Terraform, SystemTrust.Detach(), TimeProvider.System)
        )
            .Methods()
            .ToDictionary(StringComparer.Ordinal);
        var request = new UpgradeResourceState.Types.Request
        {
            TypeName = TypeName,
            Version = version,
            RawState = new() { Json = ByteString.CopyFromUtf8(json) },
        };
        var answer = methods["/tfplugin6.Provider/UpgradeResourceState"]
            .Invoke!(request.ToByteArray(), CancellationToken.None);
        return (UpgradeResourceState.Types.Response)answer.ToBlockingEnumerable().Single();
    }
}
