using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>Plain HTTPS and JSON, as curl would: independent of the platform's own client.</summary>
public sealed class RestClient : IDisposable
{
    private readonly HttpClient client;

    public RestClient(string endpoint, string caFile, string apiKey)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(caFile) },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        client = new(handler) { BaseAddress = new(endpoint), Timeout = TimeSpan.FromSeconds(90) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            apiKey
        );
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path);
        Assert.True(status == HttpStatusCode.OK, $"GET {path}: {(int)status} {body}");
        return JsonNode.Parse(body)!;
    }

    /// <param name="wait">Seconds the answer may take to hold the result; null answers at once with the operation.</param>
    public async Task<(HttpStatusCode Status, string Body)> SendAsync(
        HttpMethod method,
        string path,
        JsonNode? body = null,
        int? wait = null,
        string? idempotencyKey = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
            if (method == HttpMethod.Patch)
            {
                request.Content.Headers.ContentType = new("application/merge-patch+json");
            }
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        request.Headers.Add("Prefer", wait is { } seconds ? $"wait={seconds}" : "respond-async");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (
            answer.StatusCode,
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
    }

    public async Task<IReadOnlyList<JsonNode>> InstancesAsync(string name) =>
        [
            .. (await GetAsync($"/v1/instances?name={name}"))["items"]!
                .AsArray()
                .Select(item => item!),
        ];

    /// <summary>Asks for a change, waits for it and answers the operation.</summary>
    public async Task<JsonNode> DoAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        var (status, text) = await SendAsync(method, path, body);
        Assert.True(status == HttpStatusCode.Accepted, $"{method} {path}: {(int)status} {text}");
        return await SucceedAsync(text);
    }

    /// <summary>Waits for the operation that an answer of 202 holds, and insists on its success.</summary>
    public async Task<JsonNode> SucceedAsync(string accepted)
    {
        var operation = JsonNode.Parse(accepted)!;
        for (
            var began = TimeProvider.System.GetTimestamp();
            (string)operation["state"]! is "queued" or "running";
            operation = await GetAsync($"/v1/operations/{(string)operation["id"]!}?wait=30")
        )
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(5),
                operation.ToJsonString()
            );
        }

        Assert.True((string)operation["state"]! == "succeeded", operation.ToJsonString());
        return operation;
    }

    public void Dispose() => client.Dispose();

    /// <summary>Name of a member's machine in an inventory; its control groups bear it.</summary>
    public static string MachineOf(JsonNode inventory, string member) =>
        (string)
            inventory["items"]!
                .AsArray()
                .First(item =>
                    (string)item!["kind"]! == "container" && (string)item["owner"]! == member
                )!["name"]!;
}
