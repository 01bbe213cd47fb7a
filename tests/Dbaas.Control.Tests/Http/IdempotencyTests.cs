using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Http;

public sealed class IdempotencyTests(ControlFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_the_same_key_and_body_then_the_answer_is_replayed_and_one_thing_is_made()
    {
        var (owner, _, _) = await fixture.TenantAsync();
        var first = await PostAsync(owner, "one", "{\"name\":\"a\",\"role\":\"viewer\"}");
        var second = await PostAsync(owner, "one", "{\"name\":\"a\",\"role\":\"viewer\"}");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(
            await first.Content.ReadAsStringAsync(Token),
            await second.Content.ReadAsStringAsync(Token)
        );
        var keys = JsonNode.Parse(await owner.GetStringAsync("/v1/api-keys", Token))!;
        Assert.Single(keys["items"]!.AsArray(), key => key!["name"]!.GetValue<string>() == "a");
    }

    [Fact]
    public async Task Given_the_same_key_and_another_body_then_409()
    {
        var (owner, _, _) = await fixture.TenantAsync();
        await PostAsync(owner, "two", "{\"name\":\"a\",\"role\":\"viewer\"}");
        var answer = await PostAsync(owner, "two", "{\"name\":\"b\",\"role\":\"viewer\"}");
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains(
            "idempotency.mismatch",
            await answer.Content.ReadAsStringAsync(Token),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Given_the_same_request_many_times_at_once_then_one_thing_is_made()
    {
        var (owner, _, _) = await fixture.TenantAsync();
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => PostAsync(owner, "many", "{\"name\":\"a\",\"role\":\"viewer\"}"))
        );
        Assert.All(
            answers,
            answer =>
                Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict)
        );
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        var keys = JsonNode.Parse(await owner.GetStringAsync("/v1/api-keys", Token))!;
        Assert.Single(keys["items"]!.AsArray(), key => key!["name"]!.GetValue<string>() == "a");
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("")]
    public async Task Given_a_key_that_is_none_then_400(string key)
    {
        var (owner, _, _) = await fixture.TenantAsync();
        var answer = await PostAsync(owner, key, "{\"name\":\"a\",\"role\":\"viewer\"}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> PostAsync(
        HttpClient client,
        string key,
        string body
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/api-keys")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await client.SendAsync(request, Token);
    }
}
