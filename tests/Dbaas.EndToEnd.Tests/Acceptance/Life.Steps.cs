using System.Net;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Acceptance;

/// <summary>What happens to the database on its way.</summary>
internal sealed partial class Life
{
    private async Task GrowAsync()
    {
        await ChangeAsync("storageGib", 2);
        Assert.Equal(2, (await ViewAsync())["actualStorageGib"]!.GetValue<int>());
    }

    private async Task ChangeKeyAsync()
    {
        var alias = $"acc-{engine}-{door.Name}";
        var (status, text) = await rest.SendAsync(
            HttpMethod.Post,
            "/v1/keys",
            new JsonObject { ["alias"] = alias }
        );
        Assert.True(status == HttpStatusCode.Created, text);
        await ChangeAsync("kmsKeyId", (string)JsonNode.Parse(text)!["id"]!);
    }

    private async Task ChangeNetworksAsync()
    {
        inputs["allowedCidrs"] = new JsonArray("192.0.2.0/24");
        await door.ApplyAsync(inputs);
        await Eventually.BecomesAsync(
            () => Client.TryAsync("select 1"),
            result => result.ExitCode != 0,
            InForce,
            "a connection from an address that is no longer allowed is refused"
        );
        inputs["allowedCidrs"] = new JsonArray("127.0.0.0/8");
        await door.ApplyAsync(inputs);
        await Eventually.BecomesAsync(
            () => Client.TryAsync("select 1"),
            result => result.ExitCode == 0,
            InForce,
            "a connection from an address that is allowed again succeeds"
        );
        await NothingDiffersAsync();
    }

    /// <summary>Cores are live on every engine (ADR 0063).</summary>
    private Task ChangeCpuAsync() => RestartsAsync(expected: false, () => ChangeAsync("cpu", 2));

    private async Task ChangeLiveParameterAsync()
    {
        await ChangeAsync("parameters", new JsonObject { [engine.Parameter] = engine.Value });
        await ShowsAsync(engine.ShowParameter, engine.ShownValue);
        // Another spelling of the same value is no change.
        await RestartsAsync(
            expected: false,
            () =>
                ChangeAsync("parameters", new JsonObject { [engine.Parameter] = engine.SameValue })
        );
    }

    private async Task ChangeRestartParameterAsync()
    {
        var declared = new JsonObject
        {
            [engine.Parameter] = engine.SameValue,
            [words.RestartParameter] = words.RestartValue,
        };
        await RestartsAsync(expected: true, () => ChangeAsync("parameters", declared));
        await ShowsAsync(words.ShowRestartParameter, words.RestartValue);
    }

    private async Task ChangeDatabasesAsync()
    {
        Assert.Equal("0", await Client.QueryAsync(words.HasDatabase));
        await ChangeAsync("databases", new JsonArray("app", "reports"));
        Assert.Equal("1", await Client.QueryAsync(words.HasDatabase));
        // Existence is all that is declared: taking a name out drops nothing.
        await ChangeAsync("databases", new JsonArray("app"));
        Assert.Equal("1", await Client.QueryAsync(words.HasDatabase));
    }

    private async Task DeferAsync()
    {
        var window = new JsonObject
        {
            ["day"] = DateTime.UtcNow.AddDays(3).DayOfWeek.ToString().ToLowerInvariant(),
            ["startTime"] = "03:30",
            ["durationMinutes"] = 90,
        };
        await ChangeAsync("maintenanceWindow", window);
        await ChangeAsync("changePolicy", "window");
        inputs["parameters"]![words.RestartParameter] = words.OtherRestartValue;
        await RestartsAsync(
            expected: false,
            async () =>
            {
                var plan = await door.PlanAsync(inputs);
                Assert.Contains("waits for the maintenance window", plan, StringComparison.Ordinal);
                await door.ApplyAsync(inputs);
            }
        );
        await NothingDiffersAsync();
        var waiting = Assert.Single((await ViewAsync())["pendingChanges"]!.AsArray())!;
        Assert.Contains(
            words.RestartParameter,
            (string)waiting["property"]!,
            StringComparison.Ordinal
        );
        Assert.Equal(words.RestartValue, await Client.QueryAsync(words.ShowRestartParameter));

        var (status, text) = await rest.SendAsync(HttpMethod.Post, $"/v1/instances/{id}/restart");
        Assert.True(status == HttpStatusCode.Accepted, text);
        await rest.SucceedAsync(text);
        Assert.Empty((await ViewAsync())["pendingChanges"]!.AsArray());
        Assert.Equal(words.OtherRestartValue, await Client.QueryAsync(words.ShowRestartParameter));
        await NothingDiffersAsync();
        await ChangeAsync("changePolicy", "immediate");
    }

    private async Task RenameAsync()
    {
        await ChangeAsync("name", name + "-renamed");
        Assert.Empty(await rest.InstancesAsync(name));
    }

    private async Task ChangeOutsideAsync()
    {
        await rest.DoAsync(
            HttpMethod.Patch,
            $"/v1/instances/{id}",
            new JsonObject
            {
                ["cpu"] = 1.5,
                ["tags"] = new JsonObject { ["outside"] = "yes" },
            }
        );
        var differences = await door.DifferencesAsync(inputs);
        Assert.Contains("cpu", differences, StringComparison.Ordinal);
        Assert.Contains("outside", differences, StringComparison.Ordinal);

        await door.ApplyAsync(inputs);
        await NothingDiffersAsync();
        var view = await ViewAsync();
        Assert.Equal(2, view["cpu"]!.GetValue<double>());
        Assert.Null(view["tags"]!["outside"]);
    }

    private async Task ImportAsync()
    {
        await RestartsAsync(expected: false, () => door.ImportAsync(id, inputs));
        await NothingDiffersAsync();
        await IsTheSameAsync();
    }

    private async Task RefuseDestroyAsync()
    {
        var refusal = await door.RefusedDestroyAsync(inputs);
        Assert.Contains("protect", refusal, StringComparison.OrdinalIgnoreCase);
        await NothingDiffersAsync();
        await IsTheSameAsync();
    }

    /// <summary>Somebody else deletes it: the tool says that it would make it again, and does.</summary>
    private async Task DisappearAsync()
    {
        await rest.DoAsync(HttpMethod.Delete, $"/v1/instances/{id}");
        var differences = await door.DifferencesAsync(inputs);
        Assert.True(differences.Length > 0, "The tool did not notice that its database is gone.");

        await door.ApplyAsync(inputs);
        await NothingDiffersAsync();
        var again = Assert.Single(await rest.InstancesAsync((string)inputs["name"]!));
        Assert.NotEqual(id, (string)again["id"]!);
        id = (string)again["id"]!;
    }

    private async Task DestroyAsync()
    {
        await door.DestroyAsync(inputs);
        Assert.Empty(await rest.InstancesAsync((string)inputs["name"]!));
        Assert.DoesNotContain(
            await platform.OrphansAsync(),
            orphan => orphan.Contains(id, StringComparison.Ordinal)
        );
    }
}
