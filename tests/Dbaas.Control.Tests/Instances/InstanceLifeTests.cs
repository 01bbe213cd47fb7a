using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances;

/// <summary>An instance's whole life through the API, with a real silo, database and key service and the simulated host.</summary>
public sealed class InstanceLifeTests(ControlFixture fixture)
{
    [Fact]
    public async Task Given_an_instance_when_it_lives_its_life_then_every_change_arrives_and_nothing_is_left()
    {
        var control = await fixture.StartedAsync();
        var owner = await fixture.ReadyTenantAsync();
        using var api = new InstanceApi(owner, "run-1");
        var inputs = InstanceApi.Inputs(InstanceApi.Name());

        var created = await api.PostAsync("/instances", inputs);
        Assert.True(created.Status == HttpStatusCode.Created, created.ToString());
        var id = created.Text("id");
        var path = $"/instances/{id}";
        Assert.Equal("available", created.Text("status"));
        Assert.Equal(
            "container,gateway-entry,mount,store-user,volume,volume-key",
            await InstanceRemains.ObjectsAsync(control.Services, id)
        );
        Assert.Equal(HttpStatusCode.NoContent, (await api.PostAsync(path + "/acknowledge")).Status);
        var plan = await PlanAsync(api, "update", id, inputs);
        Assert.True(plan["valid"]!.GetValue<bool>(), plan.ToJsonString());
        Assert.Empty(plan["changes"]!.AsArray());

        foreach (
            var (name, value) in new (string, JsonNode)[]
            {
                ("cpu", 1),
                ("memoryGib", 2),
                ("memoryGib", 1),
                ("storageGib", 2),
                ("allowedCidrs", new JsonArray("127.0.0.0/8", "10.0.0.0/8")),
                ("parameters", new JsonObject { ["work_mem"] = "8MB" }),
                ("parameters", new JsonObject { ["max_connections"] = "50" }),
                ("databases", new JsonArray("orders")),
                (
                    "maintenanceWindow",
                    new JsonObject
                    {
                        ["day"] = "sunday",
                        ["startTime"] = "03:00",
                        // Not the default length: the default day and time are drawn.
                        ["durationMinutes"] = 90,
                    }
                ),
                ("changePolicy", "window"),
                ("tags", new JsonObject { ["team"] = "a" }),
                ("name", InstanceApi.Name()),
            }
        )
        {
            inputs[name] = value;
            var planned = await PlanAsync(api, "update", id, inputs);
            Assert.True(planned["valid"]!.GetValue<bool>(), planned.ToJsonString());
            Assert.Contains(
                planned["changes"]!.AsArray(),
                change =>
                    change!["pointer"]!
                        .GetValue<string>()
                        .StartsWith("/" + name, StringComparison.Ordinal)
            );
            var updated = await api.SendAsync(HttpMethod.Put, path, inputs);
            Assert.True(updated.Status == HttpStatusCode.OK, $"{name}: {updated}");
            Assert.Equal("available", updated.Text("status"));
            Assert.Empty((await PlanAsync(api, "update", id, inputs))["changes"]!.AsArray());
        }

        var before = (await api.GetAsync(path + "/credentials")).Text("password");
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync(path + "/credentials/rotate")).Status);
        Assert.NotEqual(before, (await api.GetAsync(path + "/credentials")).Text("password"));

        Assert.Equal("stopped", (await api.PostAsync(path + "/stop")).Text("status"));
        Assert.Equal(
            "container,store-user,volume",
            await InstanceRemains.ObjectsAsync(control.Services, id)
        );
        Assert.Equal("stopped", (await api.PostAsync(path + "/stop")).Text("status"));
        Assert.Equal("available", (await api.PostAsync(path + "/start")).Text("status"));
        Assert.Equal("available", (await api.PostAsync(path + "/restart")).Text("status"));

        var deleted = await api.SendAsync(HttpMethod.Delete, path);
        Assert.True(deleted.Status == HttpStatusCode.NoContent, deleted.ToString());
        await InstanceRemains.NothingAsync(control.Services, id);
        Assert.Equal(
            1,
            await InstanceRemains.EventsAsync(control.Services, "instance.keys.shredded", id)
        );
        Assert.Equal(
            1,
            await InstanceRemains.EventsAsync(control.Services, "instance.deleted", id)
        );
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync(path)).Status);
        await PagesAsync(api, id);
    }

    [Fact]
    public async Task Given_a_change_of_two_things_when_planned_and_applied_then_only_these_change()
    {
        await fixture.StartedAsync();
        var owner = await fixture.ReadyTenantAsync();
        using var api = new InstanceApi(owner, "run-1");
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var before = await api.PostAsync("/instances", inputs);
        inputs["storageGib"] = 3;
        inputs["tags"] = new JsonObject { ["team"] = "b" };
        var plan = await PlanAsync(api, "update", before.Text("id"), inputs);
        var after = await api.SendAsync(HttpMethod.Put, $"/instances/{before.Text("id")}", inputs);

        var planned = plan["changes"]!
            .AsArray()
            .Select(change => change!["pointer"]!.GetValue<string>().Split('/')[1])
            .Distinct()
            .Order();
        string[] follows = ["actualStorageGib", "monthlyCostEstimate"];
        var changed = after
            .Body!.AsObject()
            .Where(pair =>
                !JsonNode.DeepEquals(pair.Value, before.Body![pair.Key])
                && !follows.Contains(pair.Key)
            )
            .Select(pair => pair.Key)
            .Order();
        Assert.Equal(planned, changed);
        var cost = plan["monthlyCost"]!["after"]!.GetValue<decimal>();
        Assert.Equal(cost, after.Body!["monthlyCostEstimate"]!["amount"]!.GetValue<decimal>());
        await api.SendAsync(HttpMethod.Delete, $"/instances/{before.Text("id")}");
    }

    [Fact]
    public async Task Given_a_refused_and_a_made_change_then_each_leaves_an_audit_row()
    {
        var control = await fixture.StartedAsync();
        var owner = await fixture.ReadyTenantAsync();
        using var api = new InstanceApi(owner, "run-1");
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        inputs["deletionProtection"] = true;
        var id = (await api.PostAsync("/instances", inputs)).Text("id");
        var refused = await api.SendAsync(HttpMethod.Delete, $"/instances/{id}");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal("instance.deletion_protected", refused.Text("code"));
        var requestId = refused.Text("requestId");
        Assert.Equal(
            1,
            await InstanceRemains.CountAsync(
                control.Services,
                "SELECT count(*) FROM event WHERE audit AND request_id = $1",
                requestId
            )
        );
        Assert.Equal(
            1,
            await InstanceRemains.EventsAsync(control.Services, "instance.create.requested", id)
        );
        Assert.Equal(
            1,
            await InstanceRemains.EventsAsync(control.Services, "instance.create.succeeded", id)
        );

        inputs["deletionProtection"] = false;
        await api.SendAsync(HttpMethod.Put, $"/instances/{id}", inputs);
        Assert.Equal(
            1,
            await InstanceRemains.EventsAsync(control.Services, "instance.changed", id)
        );

        // The very run that switched protection off may not delete; the next one may.
        Assert.Equal(
            HttpStatusCode.Conflict,
            (await api.SendAsync(HttpMethod.Delete, $"/instances/{id}")).Status
        );
        using var next = new InstanceApi(owner, "run-2");
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await next.SendAsync(HttpMethod.Delete, $"/instances/{id}")).Status
        );
    }

    internal static async Task<JsonObject> PlanAsync(
        InstanceApi api,
        string action,
        string? id,
        JsonObject? inputs
    )
    {
        var answer = await api.PostAsync(
            "/plan",
            new JsonObject
            {
                ["resource"] = "DatabaseInstance",
                ["action"] = action,
                ["id"] = id,
                ["inputs"] = inputs?.DeepClone(),
            }
        );
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        return answer.Body!.AsObject();
    }

    private static async Task PagesAsync(InstanceApi api, string id)
    {
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await api.GetAsync(
                $"/operations?resource={id}&limit=3"
                    + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")
            );
            Assert.True(page.Status == HttpStatusCode.OK, page.ToString());
            seen.AddRange(
                page.Body!["items"]!
                    .AsArray()
                    .Select(operation => operation!["id"]!.GetValue<string>())
            );
            cursor = (page.Body["nextCursor"] ?? page.Body["next"])?.GetValue<string>();
        } while (cursor is not null);

        Assert.True(seen.Count > 10, $"{seen.Count} operations");
        Assert.Equal(seen.OrderByDescending(one => one, StringComparer.Ordinal), seen);
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }
}
