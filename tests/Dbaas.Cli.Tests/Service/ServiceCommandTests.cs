using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Cli.Tests.Service;

/// <summary>The command line against the real control service, real metadata and real key service; the machines are simulated.</summary>
public sealed class ServiceCommandTests(ControlFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_an_instance_when_it_is_made_shown_stopped_started_and_deleted_then_people_and_programs_can_read_it()
    {
        var run = await OwnerAsync();
        var name = InstanceApi.Name();
        await run(
            [
                "instance",
                "create",
                name,
                "--engine",
                "postgresql",
                "--memory-gib",
                "1",
                "--storage-gib",
                "1",
                "--deletion-protection",
                "false",
                "--wait",
            ],
            0
        );

        var shown = (await run(["instance", "get", name], 0)).Output;
        var json = Json(await run(["instance", "get", name, "-o", "json"], 0));

        foreach (
            var part in (string[])
                [
                    "members",
                    "primary",
                    "last operations",
                    "instance.create",
                    "last events",
                    "cost so far",
                ]
        )
        {
            Assert.Contains(part, shown, StringComparison.Ordinal);
        }

        Assert.Equal("available", Text(json["status"]));
        Assert.NotNull(json["costSoFar"]!["amount"]);

        await run(["instance", "stop", name, "--wait"], 0);
        Assert.Equal("stopped", await StatusAsync(run, name));
        await run(["instance", "start", name, "--wait"], 0);
        await run(["instance", "restart", name, "--wait"], 0);
        await run(["credentials", "rotate", name], 0);
        Assert.Equal("available", await StatusAsync(run, name));

        var operations = Json(
            await run(["operation", "list", "--resource", Text(json["id"]), "-o", "json"], 0)
        );
        var kinds = operations.AsArray().Select(operation => Text(operation!["kind"])).ToList();
        Assert.Contains("instance.restart", kinds);
        Assert.Contains("instance.rotate_credentials", kinds);
        var newest = Text(operations[0]!["id"]);
        Assert.Contains(
            "finish",
            (await run(["operation", "get", newest], 0)).Output,
            StringComparison.Ordinal
        );
        await run(["operation", "wait", newest], 0);
        await run(["operation", "cancel", newest], 5);

        var audit = await run(["audit", "list", "--resource", Text(json["id"])], 0);
        Assert.Contains(name, audit.Output, StringComparison.Ordinal);
        await run(["instance", "delete", name, "--wait"], 0);
        await run(["instance", "get", name], 4);
    }

    [Fact]
    public async Task Given_a_create_that_nobody_waited_for_when_it_is_asked_for_again_then_it_is_a_conflict_and_changes_nothing()
    {
        var run = await OwnerAsync();
        var name = InstanceApi.Name();
        string[] create =
        [
            "instance",
            "create",
            name,
            "--engine",
            "postgresql",
            "--memory-gib",
            "1",
            "--storage-gib",
            "1",
            "--deletion-protection",
            "false",
        ];

        var operation = (await run(create, 0)).Output.Trim();
        await run([.. create, "--cpu", "2"], 5);
        await run(["operation", "wait", operation], 0);
        await run([.. create, "--cpu", "2"], 5);

        var json = Json(await run(["instance", "get", name, "-o", "json"], 0));
        Assert.Equal(1, json["cpu"]!.GetValue<double>());
        await run(["instance", "delete", name, "--wait"], 0);
    }

    [Fact]
    public async Task Given_a_declared_file_when_it_is_planned_then_what_would_change_and_cost_is_shown_and_nothing_is_made()
    {
        var run = await OwnerAsync();
        var name = InstanceApi.Name();
        var file = Path.Combine(Path.GetTempPath(), name + ".yaml");
        await File.WriteAllTextAsync(
            file,
            $"name: {name}\nengine: postgresql\nengineVersion: 18\nmemoryGib: 1\n",
            Token
        );
        try
        {
            var plan = await run(["plan", "-f", file], 0);
            var json = await run(["plan", "-f", file, "-o", "json"], 0);

            Assert.Contains(name, plan.Output + plan.Error, StringComparison.Ordinal);
            Assert.NotEmpty(Json(json).ToJsonString());
            await run(["instance", "get", name], 4);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Given_keys_when_they_are_registered_listed_and_shown_then_state_and_arn_are_there()
    {
        var run = await OwnerAsync();

        await run(["key", "register", "mine", "--region", RunningControl.Region], 0);
        var listed = Json(await run(["key", "list", "-o", "json"], 0));
        var shown = await run(["key", "get", "mine"], 0);

        Assert.Equal(2, listed.AsArray().Count);
        Assert.Contains("arn:aws:kms:", shown.Output, StringComparison.Ordinal);
        Assert.Contains("enabled", shown.Output, StringComparison.Ordinal);
        await run(["key", "register", "mine", "--region", RunningControl.Region], 5);
        await run(["key", "get", "not-there"], 4);
    }

    [Fact]
    public async Task Given_an_api_key_when_it_is_made_and_deleted_then_it_works_in_between()
    {
        var run = await OwnerAsync();

        var made = Json(
            await run(["api-key", "create", "robot", "--role", "viewer", "-o", "json"], 0)
        );
        var secret = Text(made["secret"]);
        var robot = await EnvironmentAsync(secret);
        var listed = (await run(["api-key", "list"], 0)).Output;

        Assert.Contains("robot", listed, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, listed, StringComparison.Ordinal);
        Assert.Equal(0, (await CliRun.StartAsync(robot, ["instance", "list"])).ExitCode);
        var keys = Json(await run(["api-key", "list", "-o", "json"], 0)).AsArray();
        var id = Text(keys.Single(key => Text(key!["name"]) == "robot")!["id"]);
        await run(["api-key", "delete", id], 0);
        Assert.Equal(6, (await CliRun.StartAsync(robot, ["instance", "list"])).ExitCode);
    }

    [Fact]
    public async Task Given_an_administrator_when_tenants_hosts_engines_and_regions_are_listed_then_both_forms_come()
    {
        var control = await fixture.StartedAsync();
        var run = Runner(await EnvironmentAsync(control.AdminKey));
        var name = "t" + Guid.NewGuid().ToString("N")[..10];

        await run(["tenant", "create", name], 0);
        Assert.Contains(name, (await run(["tenant", "list"], 0)).Output, StringComparison.Ordinal);
        Assert.Contains(
            "postgresql",
            (await run(["engine", "list"], 0)).Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            RunningControl.Region,
            (await run(["region", "list"], 0)).Output,
            StringComparison.Ordinal
        );
        foreach (
            var command in (string[][])
                [
                    ["tenant", "list"],
                    ["engine", "list"],
                    ["region", "list"],
                    ["host", "list"],
                    ["host", "inventory"],
                    ["audit", "list"],
                    ["status"],
                ]
        )
        {
            await run(command, 0);
            Assert.NotNull(Json(await run([.. command, "-o", "json"], 0)));
        }
    }

    [Fact]
    public async Task Given_a_tenants_owner_when_platform_commands_are_run_then_they_are_refused()
    {
        var run = await OwnerAsync();

        await run(["host", "inventory"], 6);
        await run(["tenant", "create", "another"], 6);
    }

    private static async Task<string> StatusAsync(
        Func<string[], int, Task<CliRun>> run,
        string name
    ) => Text(Json(await run(["instance", "get", name, "-o", "json"], 0))["status"]);

    private async Task<Func<string[], int, Task<CliRun>>> OwnerAsync()
    {
        var (owner, _, key) = await fixture.TenantAsync();
        using (owner)
        {
            await ControlFixture.HasKeyAsync(owner);
        }

        return Runner(await EnvironmentAsync(key));
    }

    private async Task<Dictionary<string, string>> EnvironmentAsync(string key)
    {
        var control = await fixture.StartedAsync();
        return new()
        {
            ["DBAAS_ROOT"] = "/nonexistent",
            ["DBAAS_ENDPOINT"] = control.Address.ToString(),
            ["DBAAS_CA_FILE"] = Path.Combine(
                Path.GetDirectoryName(control.KmsCa)!,
                "endpoint-ca.crt"
            ),
            ["DBAAS_API_KEY"] = key,
        };
    }

    /// <summary>Runs a command and says everything it printed when it ends otherwise than expected.</summary>
    private static Func<string[], int, Task<CliRun>> Runner(
        IReadOnlyDictionary<string, string> environment
    ) =>
        async (arguments, expected) =>
        {
            var run = await CliRun.StartAsync(environment, arguments);
            Assert.True(
                run.ExitCode == expected,
                $"dbaas {string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Error}{run.Output}"
            );
            return run;
        };

    private static JsonNode Json(CliRun run) => JsonNode.Parse(run.Output)!;

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
