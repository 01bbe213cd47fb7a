using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances;

/// <summary>Promise 8: another tenant's instance or operation is not there, in the same words as one that never was.</summary>
public sealed class TenantWallTests(ControlFixture fixture)
{
    [Fact]
    public async Task Given_another_tenants_ids_when_any_route_is_asked_then_the_answer_is_that_of_a_random_id()
    {
        await fixture.StartedAsync();
        var first = await fixture.ReadyTenantAsync();
        var (second, _, _) = await fixture.TenantAsync();
        using var mine = new InstanceApi(first, "run-1");
        using var theirs = new InstanceApi(second, "run-2");
        var name = InstanceApi.Name();
        var instance = await mine.CreateAsync(name);
        var operation = (await mine.GetAsync($"/operations?resource={instance}")).Body!["items"]![
            0
        ]!["id"]!.GetValue<string>();
        var noInstance = TypedId.New<InstanceId>(TimeProvider.System).ToString();
        var noOperation = TypedId.New<OperationId>(TimeProvider.System).ToString();

        foreach (
            var (method, route, body) in new (HttpMethod, string, JsonNode?)[]
            {
                (HttpMethod.Get, "/instances/{id}", null),
                (HttpMethod.Put, "/instances/{id}", InstanceApi.Inputs(name)),
                (HttpMethod.Patch, "/instances/{id}", new JsonObject { ["cpu"] = 1 }),
                (HttpMethod.Delete, "/instances/{id}", null),
                (HttpMethod.Post, "/instances/{id}/start", null),
                (HttpMethod.Post, "/instances/{id}/stop", null),
                (HttpMethod.Post, "/instances/{id}/restart", null),
                (HttpMethod.Post, "/instances/{id}/acknowledge", null),
                (HttpMethod.Get, "/instances/{id}/credentials", null),
                (HttpMethod.Post, "/instances/{id}/credentials/rotate", null),
            }
        )
        {
            await SameAsync(theirs, method, route, body, instance, noInstance);
            await SameAsync(
                theirs,
                method,
                route,
                body,
                name,
                "i" + Guid.NewGuid().ToString("N")[..10]
            );
        }

        await SameAsync(theirs, HttpMethod.Get, "/operations/{id}", null, operation, noOperation);
        await SameAsync(
            theirs,
            HttpMethod.Get,
            "/operations/{id}/events",
            null,
            operation,
            noOperation
        );
        await SameAsync(
            theirs,
            HttpMethod.Post,
            "/operations/{id}/cancel",
            null,
            operation,
            noOperation
        );
        Assert.Empty((await theirs.GetAsync("/instances")).Body!["items"]!.AsArray());
        Assert.Empty(
            (await theirs.GetAsync($"/operations?resource={instance}")).Body!["items"]!.AsArray()
        );
        Assert.Equal("available", (await mine.GetAsync($"/instances/{instance}")).Text("status"));

        // Who feels for the wall leaves a trace, and leaves it in his own trail.
        var refused = await RefusedAsync(theirs);
        foreach (var verb in (string[])["PUT", "PATCH", "DELETE", "POST"])
        {
            Assert.Contains(
                refused,
                entry =>
                    entry.StartsWith($"Refused {verb} /v1/instances/", StringComparison.Ordinal)
                    && entry.EndsWith(instance, StringComparison.Ordinal)
            );
        }

        Assert.Contains(
            refused,
            entry =>
                entry.StartsWith("Refused POST /v1/operations/", StringComparison.Ordinal)
                && entry.EndsWith(operation, StringComparison.Ordinal)
        );
        Assert.Empty(await RefusedAsync(mine));
        await mine.SendAsync(HttpMethod.Delete, $"/instances/{instance}");
    }

    /// <summary>What the tenant's trail says of refused requests, each with what it was aimed at.</summary>
    private static async Task<IReadOnlyList<string>> RefusedAsync(InstanceApi api)
    {
        var page = (await api.GetAsync("/audit-events?kind=request.refused&limit=100")).Body!;
        return
        [
            .. page["items"]!
                .AsArray()
                .Select(entry =>
                    $"{(string?)entry!["message"]} {(string?)entry["data"]!["target"]}"
                ),
        ];
    }

    private static async Task SameAsync(
        InstanceApi api,
        HttpMethod method,
        string route,
        JsonNode? body,
        string foreign,
        string random
    )
    {
        var seen = await Of(foreign);
        var none = await Of(random);
        Assert.Equal((HttpStatusCode.NotFound, none.Shape), (none.Status, seen.Shape));
        Assert.Equal(HttpStatusCode.NotFound, seen.Status);

        async Task<(HttpStatusCode Status, string Shape)> Of(string id)
        {
            var answer = await api.SendAsync(
                method,
                route.Replace("{id}", id, StringComparison.Ordinal),
                body
            );
            var problem = answer.Body!.DeepClone().AsObject();
            problem.Remove("requestId");
            return (
                answer.Status,
                problem.ToJsonString().Replace(id, "ID", StringComparison.Ordinal)
            );
        }
    }
}
