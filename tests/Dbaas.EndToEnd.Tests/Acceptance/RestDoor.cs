using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Client.Planning;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Acceptance;

/// <summary>Plain HTTP: what a program of one's own does. It remembers the id and nothing else.</summary>
internal sealed class RestDoor(Platform platform) : IFrontDoor
{
    private readonly RestClient rest = platform.Rest();
    private string? id;

    public string Name => "rest";

    public async Task<string> PlanAsync(JsonObject inputs) =>
        string.Join('\n', await PredictAsync(inputs));

    public async Task<IReadOnlyList<string>> PredictAsync(JsonObject inputs) =>
        [
            .. Forecast
                .Of(
                    (await PlannedAsync(inputs)).Deserialize<PlanResult>(JsonSerializerOptions.Web)!
                )
                .Select(line => line.Text),
        ];

    public async Task ApplyAsync(JsonObject inputs)
    {
        var (method, path, body) = id is null
            ? (HttpMethod.Post, "/v1/instances", (JsonObject)inputs.DeepClone())
            : (HttpMethod.Put, $"/v1/instances/{id}", (JsonObject)inputs.DeepClone());
        var (status, text) = await rest.SendAsync(method, path, body);
        Assert.True((int)status is 200 or 201 or 202, $"{method} {path}: {(int)status} {text}");
        if (status == HttpStatusCode.Accepted)
        {
            id ??= (string)JsonNode.Parse(text)!["resourceId"]!;
            await rest.SucceedAsync(text);
        }
    }

    public async Task<string> DifferencesAsync(JsonObject inputs)
    {
        var planned = await PlannedAsync(inputs);
        Assert.True(planned["valid"]!.GetValue<bool>(), planned.ToJsonString());
        if (planned["changes"]!.AsArray().Count == 0 && id is not null)
        {
            return "";
        }

        return planned.ToJsonString();
    }

    public Task ImportAsync(string id, JsonObject inputs)
    {
        this.id = id;
        return Task.CompletedTask;
    }

    public async Task<string> RefusedDestroyAsync(JsonObject inputs)
    {
        var (status, text) = await rest.SendAsync(HttpMethod.Delete, $"/v1/instances/{id}");
        Assert.Equal(HttpStatusCode.Conflict, status);
        return text;
    }

    public async Task DestroyAsync(JsonObject inputs)
    {
        var (status, text) = await rest.SendAsync(HttpMethod.Delete, $"/v1/instances/{id}");
        Assert.True(status == HttpStatusCode.Accepted, $"{(int)status} {text}");
        await rest.SucceedAsync(text);
        id = null;
    }

    public ValueTask DisposeAsync()
    {
        rest.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<JsonObject> PlannedAsync(JsonObject inputs)
    {
        if (
            id is not null
            && (await rest.SendAsync(HttpMethod.Get, $"/v1/instances/{id}")).Status
                == HttpStatusCode.NotFound
        )
        {
            id = null;
        }

        var (status, text) = await rest.SendAsync(
            HttpMethod.Post,
            "/v1/plan",
            new JsonObject
            {
                ["resource"] = "DatabaseInstance",
                ["action"] = id is null ? "create" : "update",
                ["id"] = id,
                ["inputs"] = inputs.DeepClone(),
            }
        );
        Assert.True(status == HttpStatusCode.OK, $"POST /v1/plan: {(int)status} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }
}
