using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.BadInput;

/// <summary>Every route that takes a body, with one that it accepts. A test compares the list with the OpenAPI document.</summary>
internal static class BodyRoutes
{
    public static readonly string[] Names =
    [
        "POST /v1/api-keys",
        "POST /v1/hosts/enrol",
        "POST /v1/hosts/images/refresh",
        "POST /v1/instances",
        "PATCH /v1/instances/{idOrName}",
        "PUT /v1/instances/{idOrName}",
        "POST /v1/keys",
        "POST /v1/plan",
        "PUT /v1/prices/{region}",
        "POST /v1/tenants",
        "PUT /v1/tenants/{idOrName}/quota",
    ];

    private static int s_turn;
    private static int s_drawn;

    /// <summary>Members with whole numbers: route and pointer.</summary>
    public static readonly (string Route, string Pointer)[] Integers =
    [
        ("POST /v1/api-keys", "/expiresInDays"),
        ("POST /v1/instances", "/storageGib"),
        ("POST /v1/instances", "/maintenanceWindow/durationMinutes"),
        ("PATCH /v1/instances/{idOrName}", "/storageGib"),
        ("PUT /v1/instances/{idOrName}", "/storageGib"),
        ("POST /v1/tenants", "/quota/instances"),
        ("PUT /v1/tenants/{idOrName}/quota", "/storageGib"),
    ];

    public static (HttpMethod Method, string Path) Of(string route, BadInputControl control)
    {
        var parts = route.Split(' ');
        return (
            new HttpMethod(parts[0]),
            parts[1]
                .Replace("{region}", RunningControl.Region, StringComparison.Ordinal)
                .Replace(
                    "{idOrName}",
                    route.Contains("/tenants", StringComparison.Ordinal)
                        ? control.Tenant
                        : control.Instance,
                    StringComparison.Ordinal
                )
        );
    }

    /// <summary>A body the route accepts; names are drawn anew.</summary>
    public static JsonObject Accepted(string route, BadInputControl control) =>
        route switch
        {
            "POST /v1/api-keys" => new() { ["name"] = InstanceApi.Name(), ["role"] = "viewer" },
            "POST /v1/hosts/images/refresh" => new()
            {
                ["engine"] = "postgresql",
                // Nothing in it is free to be drawn, so it takes turns.
                ["version"] = Interlocked.Increment(ref s_turn) % 2 == 0 ? "17" : "18",
            },
            "POST /v1/instances" => InstanceApi.Inputs(InstanceApi.Name()),
            "PATCH /v1/instances/{idOrName}" => new()
            {
                ["tags"] = new JsonObject { ["drawn"] = InstanceApi.Name() },
            },
            "PUT /v1/instances/{idOrName}" => Tagged(InstanceApi.Inputs(control.InstanceName)),
            "POST /v1/keys" => new() { ["alias"] = InstanceApi.Name() },
            "POST /v1/plan" => new()
            {
                ["resource"] = "DatabaseInstance",
                ["action"] = "create",
                ["inputs"] = InstanceApi.Inputs(InstanceApi.Name()),
            },
            "PUT /v1/prices/{region}" => new()
            {
                ["cpuHour"] = (1 + Fresh()) / 1000m,
                ["memoryGibHour"] = 0.01m,
                ["storageGibHour"] = 0.001m,
                ["currency"] = "EUR",
            },
            "POST /v1/tenants" => new() { ["name"] = InstanceApi.Name() },
            "PUT /v1/tenants/{idOrName}/quota" => new()
            {
                ["instances"] = 50 + Fresh(),
                ["cpu"] = 1000,
                ["memoryGib"] = 1000,
                ["storageGib"] = 10_000,
            },
            _ => new()
            {
                ["region"] = RunningControl.Region,
                ["address"] = "127.0.0.1:1",
                ["certificateRequestPem"] = "",
                ["storeCertificateRequestPem"] = "",
                ["endpointRange"] = "127.1.0.0/16",
                ["keyServiceEndpoint"] = "https://127.0.0.1:1",
            },
        };

    /// <summary>The accepted body with one member's text exchanged, so that numbers no library would write can be sent.</summary>
    public static string With(string route, string pointer, string json, BadInputControl control)
    {
        var body = Accepted(route, control);
        var parts = pointer.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var at = body;
        if (pointer.StartsWith("/quota", StringComparison.Ordinal))
        {
            body["quota"] = Accepted("PUT /v1/tenants/{idOrName}/quota", control);
        }
        else if (pointer.StartsWith("/maintenanceWindow", StringComparison.Ordinal))
        {
            body["maintenanceWindow"] = new JsonObject
            {
                ["day"] = "monday",
                ["startTime"] = "03:00",
            };
        }

        foreach (var part in parts[..^1])
        {
            at = at[part]!.AsObject();
        }

        at[parts[^1]] = "@@";
        return body.ToJsonString().Replace("\"@@\"", json, StringComparison.Ordinal);
    }

    /// <summary>0 to 998, in turn: of two that are drawn by chance, one in five hundred would be no change.</summary>
    private static int Fresh() => Interlocked.Increment(ref s_drawn) % 999;

    private static JsonObject Tagged(JsonObject inputs)
    {
        inputs["tags"] = new JsonObject { ["drawn"] = InstanceApi.Name() };
        return inputs;
    }
}
