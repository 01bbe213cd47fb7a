using System.Text.Json.Nodes;
using Dbaas.Client.Catalogue;
using Dbaas.Client.Instances;

namespace Dbaas.Cli.Tests.Instances;

public sealed class InstanceTests : IDisposable
{
    private static readonly CredentialsView Credentials = new()
    {
        Host = "127.101.0.1",
        Port = 5432,
        Username = "shop_admin",
        Password = "canary:pass\\word",
        Database = "shop",
        Ca = "PEM",
    };

    private readonly FakeService service = new();

    [Fact]
    public async Task Given_instances_when_they_are_listed_then_columns_or_json_come()
    {
        service.Answer(
            "GET",
            "/v1/instances",
            200,
            new Page<InstanceView>([FakeService.Instance()], null)
        );

        var table = await service.RunAsync("instance", "list");
        var json = await service.RunAsync("instance", "list", "-o", "json");

        Assert.Equal(0, table.ExitCode);
        var lines = table.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("NAME", lines[0], StringComparison.Ordinal);
        Assert.Contains("127.101.0.1:5432", lines[1], StringComparison.Ordinal);
        Assert.Equal(2, lines.Length);
        Assert.DoesNotContain('\u001b', table.Output);
        Assert.Equal("shop", (string?)JsonNode.Parse(json.Output)![0]!["name"]);
    }

    [Fact]
    public async Task Given_a_create_that_nobody_waits_for_when_it_is_accepted_then_it_is_acknowledged()
    {
        service.Answer("POST", "/v1/instances", 202, FakeService.Operation("running"));
        service.Answer("POST", "/v1/instances/ins_1/acknowledge", 200, FakeService.Instance());

        var run = await service.RunAsync("instance", "create", "shop", "--engine", "postgresql");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("op_1\n", run.Output);
        Assert.Single(service.BodiesOf("POST", "/v1/instances/ins_1/acknowledge"));
    }

    [Fact]
    public async Task Given_a_create_that_is_waited_for_when_it_is_undone_then_nothing_is_acknowledged()
    {
        service.Answer("POST", "/v1/instances", 202, FakeService.Operation("undone"));

        var run = await service.RunAsync(
            "instance",
            "create",
            "shop",
            "--engine",
            "postgresql",
            "--wait"
        );

        Assert.Equal(8, run.ExitCode);
        Assert.Empty(service.BodiesOf("POST", "/v1/instances/ins_1/acknowledge"));
    }

    [Fact]
    public async Task Given_flags_when_an_instance_is_changed_then_only_they_are_in_the_patch()
    {
        service.Answer(
            "PATCH",
            "/v1/instances/shop",
            202,
            FakeService.Operation("running", "instance.update")
        );

        var run = await service.RunAsync(
            "instance",
            "update",
            "shop",
            "--memory-gib",
            "0.5",
            "--allowed-cidr",
            "none",
            "--parameter",
            "work_mem=8MB",
            "--parameter",
            "jit=",
            "--deletion-protection",
            "false",
            "--maintenance-window",
            "sunday-03:30/90"
        );

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("op_1\n", run.Output);
        Assert.Contains("dbaas operation wait op_1", run.Error, StringComparison.Ordinal);
        var patch = JsonNode.Parse(Assert.Single(service.BodiesOf("PATCH", "/v1/instances/shop")));
        var expected = JsonNode.Parse(
            """
            {"memoryGib":0.5,"allowedCidrs":[],"parameters":{"work_mem":"8MB","jit":null},"deletionProtection":false,
             "maintenanceWindow":{"day":"sunday","startTime":"03:30","durationMinutes":90}}
            """
        );
        Assert.True(JsonNode.DeepEquals(expected, patch), patch?.ToJsonString());
    }

    [Fact]
    public async Task Given_deletion_protection_when_an_instance_is_deleted_then_the_way_is_named()
    {
        service.Answer(
            "DELETE",
            "/v1/instances/shop",
            409,
            FakeService.Problem(409, "instance.deletion_protected", "Deletion protection is on.")
        );

        var run = await service.RunAsync("instance", "delete", "shop", "--wait");

        Assert.Equal(5, run.ExitCode);
        Assert.Contains(
            "dbaas instance update shop --deletion-protection false",
            run.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Given_credentials_when_they_are_fetched_then_the_password_comes_only_when_asked_for()
    {
        service.Answer("GET", "/v1/instances/shop/credentials", 200, Credentials);

        var hidden = await service.RunAsync("credentials", "shop");
        var shown = await service.RunAsync("credentials", "shop", "--show-password");
        var json = await service.RunAsync("credentials", "shop", "-o", "json");

        Assert.DoesNotContain("canary", hidden.Output + hidden.Error, StringComparison.Ordinal);
        Assert.Contains(Credentials.Password, shown.Output, StringComparison.Ordinal);
        var keys = JsonNode.Parse(json.Output)!.AsObject().Select(pair => pair.Key);
        Assert.Equal(["host", "port", "username", "password", "database", "ca"], keys);
    }

    [Fact]
    public async Task Given_an_interrupt_when_an_operation_is_watched_then_it_says_how_to_wait_on()
    {
        service.Answer("GET", "/v1/operations/op_1", 200, FakeService.Operation("running"));
        using var interrupt = new CancellationTokenSource();
        var environment = new Dictionary<string, string>
        {
            ["DBAAS_ENDPOINT"] = service.Server.Url!,
            ["DBAAS_CA_FILE"] = service.CaFile,
            ["DBAAS_API_KEY"] = FakeService.ApiKey,
        };

        var running = CliRun.StartAsync(
            environment,
            ["operation", "wait", "op_1"],
            interrupt.Token
        );
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (service.Server.LogEntries.Count < 2)
        {
            await Task.Delay(5, deadline.Token);
        }

        await interrupt.CancelAsync();
        var run = await running;

        Assert.Equal(130, run.ExitCode);
        Assert.Contains("dbaas operation wait op_1", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(
            service.Server.LogEntries,
            entry => entry.RequestMessage!.Path!.EndsWith("/cancel", StringComparison.Ordinal)
        );
    }

    public void Dispose() => service.Dispose();
}
