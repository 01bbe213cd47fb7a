using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Dbaas.Control.Tests.Support;

/// <summary>The REST interface of instances as one run of a tool uses it.</summary>
internal sealed class InstanceApi(
    HttpClient http,
    string runId = "",
    string clientKind = "terraform"
) : IDisposable
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static JsonObject Inputs(string name) =>
        new()
        {
            ["name"] = name,
            ["engine"] = "postgresql",
            ["engineVersion"] = "18",
            ["region"] = RunningControl.Region,
            ["cpu"] = 0.5,
            ["memoryGib"] = 1,
            ["storageGib"] = 1,
            ["allowedCidrs"] = new JsonArray("127.0.0.0/8"),
            ["deletionProtection"] = false,
        };

    /// <summary>A name that no other test uses.</summary>
    public static string Name() => "i" + Guid.NewGuid().ToString("N")[..10];

    /// <param name="method">HTTP method.</param>
    /// <param name="path">Below /v1.</param>
    /// <param name="body">JSON, or null for none.</param>
    /// <param name="wait">Seconds of Prefer: wait; 0 answers at once.</param>
    /// <param name="ifMatch">ETag, or null.</param>
    /// <param name="idempotencyKey">Idempotency-Key, or null.</param>
    public async Task<Answer> SendAsync(
        HttpMethod method,
        string path,
        JsonNode? body = null,
        int wait = 30,
        string? ifMatch = null,
        string? idempotencyKey = null
    )
    {
        using var request = new HttpRequestMessage(method, "/v1" + path);
        request.Headers.TryAddWithoutValidation("Prefer", $"wait={wait}");
        if (runId.Length > 0)
        {
            request.Headers.Add("Dbaas-Run-Id", runId);
        }

        if (clientKind.Length > 0)
        {
            request.Headers.Add("Dbaas-Client", clientKind);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        if (body is not null)
        {
            request.Content = new StringContent(
                body.ToJsonString(),
                Encoding.UTF8,
                "application/json"
            );
        }

        using var response = await http.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        return new Answer(
            response.StatusCode,
            text.Length > 0 ? JsonNode.Parse(text) : null,
            response.Headers.ETag?.Tag
        );
    }

    public Task<Answer> PostAsync(string path, JsonNode? body = null, int wait = 30) =>
        SendAsync(HttpMethod.Post, path, body, wait);

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Creates one and returns its id once it is available.</summary>
    public async Task<string> CreateAsync(string name)
    {
        var answer = await PostAsync("/instances", Inputs(name));
        if (answer.Status == HttpStatusCode.Accepted)
        {
            // A machine under load takes longer than the longest wait.
            var ended = await Eventually.BecomesAsync(
                () => GetAsync($"/operations/{answer.Text("id")}?wait=30"),
                operation => operation.Body!["finishedAt"] is not null,
                TimeSpan.FromMinutes(4)
            );
            Assert.True(ended.Text("state") == "succeeded", ended.ToString());
            return ended.Text("resourceId");
        }

        Assert.True(answer.Status == HttpStatusCode.Created, answer.ToString());
        return answer.Text("id");
    }

    public void Dispose() => http.Dispose();
}

/// <summary>What came back.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonNode? Body, string? ETag)
{
    public string Text(string name) => Body![name]!.GetValue<string>();

    public override string ToString() => $"{(int)Status} {Body?.ToJsonString()}";
}
