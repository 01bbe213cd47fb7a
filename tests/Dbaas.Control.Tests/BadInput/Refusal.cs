using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Dbaas.Control.Tests.BadInput;

/// <summary>What every refusal must be, whatever was wrong.</summary>
internal static class Refusal
{
    /// <summary>Stands in values of bad requests and must never come back.</summary>
    public const string Canary = "canary-7f3a91";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<JsonNode> IsAsync(
        HttpClient client,
        HttpRequestMessage request,
        int status,
        string code,
        string? pointer = null,
        string? allowed = null
    )
    {
        using var answer = await client.SendAsync(request, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(
            status == (int)answer.StatusCode,
            $"{request.Method} {request.RequestUri}: {(int)answer.StatusCode} {text}"
        );
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal(code, (string?)problem["code"]);
        Assert.Equal("urn:dbaas:problem:" + code, (string?)problem["type"]);
        Assert.Equal(status, (int?)problem["status"]);
        Assert.False(string.IsNullOrEmpty((string?)problem["title"]));
        Assert.False(string.IsNullOrEmpty((string?)problem["detail"]));
        Assert.Equal(
            Assert.Single(answer.Headers.GetValues("Dbaas-Request-Id")),
            (string?)problem["requestId"]
        );
        Assert.DoesNotContain(Canary, text, StringComparison.OrdinalIgnoreCase);
        // Of a stack trace or of the framework's own words.
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.True(text.Length < 64 * 1024, $"{text.Length} characters");
        if (pointer is not null)
        {
            var error = problem["errors"]!
                .AsArray()
                .FirstOrDefault(one => (string?)one!["pointer"] == pointer);
            Assert.True(error is not null, text);
            Assert.False(string.IsNullOrEmpty((string?)error["message"]));
            if (allowed is not null)
            {
                Assert.Contains(allowed, (string?)error["allowed"], StringComparison.Ordinal);
            }
        }

        return problem;
    }

    public static HttpRequestMessage Request(
        HttpMethod method,
        string path,
        byte[] body,
        string? type = "application/json"
    )
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        return new HttpRequestMessage(method, path) { Content = content };
    }

    public static HttpRequestMessage Request(HttpMethod method, string path, string body) =>
        Request(method, path, Encoding.UTF8.GetBytes(body));

    public static HttpRequestMessage Request(HttpMethod method, string path) => new(method, path);
}
