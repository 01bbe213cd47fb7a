using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Fuzz;

/// <summary>Makes a tenant with a little of everything and tells its names.</summary>
internal static class FuzzWorldMaker
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<FuzzWorld> MakeAsync(RunningControl control)
    {
        using var admin = control.Client(control.AdminKey);
        var made = await PostAsync(
            admin,
            "/v1/tenants",
            new
            {
                name = "fuzzed",
                quota = new
                {
                    instances = 6,
                    cpu = 6,
                    memoryGib = 12,
                    storageGib = 60,
                },
            }
        );
        var ownerKey = (string)made["ownerKey"]!["secret"]!;
        using var owner = control.Client(ownerKey);
        await ControlFixture.HasKeyAsync(owner);
        var viewer = (string)
            (await PostAsync(owner, "/v1/api-keys", new { name = "viewer", role = "viewer" }))[
                "secret"
            ]!;
        var instance = await new InstanceApi(owner).CreateAsync("first");
        var operation = (string)
            JsonNode.Parse(await owner.GetStringAsync("/v1/operations", Token))!["items"]![0]![
                "id"
            ]!;
        var key = (string)
            JsonNode.Parse(await owner.GetStringAsync("/v1/keys", Token))!["items"]![0]!["id"]!;
        var tenant = (string)made["tenant"]!["id"]!;
        var world = new FuzzWorld
        {
            OwnerKey = ownerKey,
            AdminKey = control.AdminKey,
            ViewerKey = viewer,
        };
        foreach (var secret in (string[])[ownerKey, control.AdminKey, viewer])
        {
            world.Secrets.TryAdd(secret, 0);
        }

        // Few names, so that what is made stays little and what exists is met again.
        string[] names = ["first", "second", "third", "fourth", "first-of-all"];
        foreach (
            var (name, known) in new (string, string[])[]
            {
                ("name", names),
                ("alias", names),
                ("idOrName", [instance, .. names]),
                ("/v1/tenants/{idOrName}idOrName", ["third"]),
                ("/v1/tenants/{idOrName}/quotaidOrName", ["third"]),
                ("idOrAlias", [key, .. names]),
                ("id", [operation, instance]),
                ("engine", ["postgresql", "mysql"]),
                ("version", ["18", "9.7"]),
                ("engineVersion", ["18", "9.7"]),
                ("region", [RunningControl.Region]),
                ("kmsKeyId", [key, "first"]),
                ("allowedCidrs", ["10.0.0.0/8", "127.0.0.0/8", "fd00::/8"]),
                ("databases", ["orders", "shop"]),
                ("parameters.key", ["work_mem", "max_connections", "jit"]),
                ("parameters", ["8MB", "50", "on"]),
                ("role", ["viewer", "operator", "auditor"]),
                ("resource", ["DatabaseInstance", instance]),
                ("action", ["create", "update", "delete", "start", "stop", "restart"]),
                ("day", ["monday", "sunday"]),
                ("startTime", ["03:00"]),
                ("state", ["succeeded", "running"]),
                ("kind", ["instance.created", "request.refused", "instance."]),
                ("since", ["2026-01-01T00:00:00Z"]),
                ("until", ["2030-01-01T00:00:00Z"]),
                ("principal", [tenant]),
                ("unknown", ["/cpu", "/name"]),
                ("database", ["orders"]),
                ("currency", ["EUR"]),
            }
        )
        {
            world.Names[name] = known;
        }

        return world;
    }

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
