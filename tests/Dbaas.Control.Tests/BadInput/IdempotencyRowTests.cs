using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.BadInput;

/// <summary>Rows 17 to 19 on every route that takes a body and knows its caller.</summary>
[Collection(BadInputRows.Name)]
public sealed class IdempotencyRowTests(BadInputControl control)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Routes =>
        [.. BodyRoutes.Names.Where(name => !name.EndsWith("/enrol", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Given_a_key_used_again_when_sent_then_the_same_answer_once_or_409(
        string route
    )
    {
        var key = Guid.NewGuid().ToString("N");
        var body = BodyRoutes.Accepted(route, control).ToJsonString();
        using var first = await SendAsync(route, body, key);
        var answer = await first.Content.ReadAsStringAsync(Token);
        Assert.True(first.IsSuccessStatusCode, answer);
        var rows = await control.RowsAsync();

        using var again = await SendAsync(route, body, key);
        Assert.Equal(first.StatusCode, again.StatusCode);
        Assert.Equal(answer, await again.Content.ReadAsStringAsync(Token));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(rows, await control.RowsAsync());

        // The scheme's name has no case (RFC 9110, 11.1): it must not decide whether the kept answer opens.
        using var lower = await SendAsync(route, body, key, scheme: "bearer");
        Assert.Equal(first.StatusCode, lower.StatusCode);
        Assert.Equal(answer, await lower.Content.ReadAsStringAsync(Token));

        var other = BodyRoutes.Accepted(route, control).ToJsonString();
        using var mismatch = await SendAsync(route, other, key);
        Assert.Equal(HttpStatusCode.Conflict, mismatch.StatusCode);
        Assert.Equal(
            "idempotency.mismatch",
            (string?)JsonNode.Parse(await mismatch.Content.ReadAsStringAsync(Token))!["code"]
        );
        Assert.Equal(rows, await control.RowsAsync());
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Given_a_key_out_of_bounds_when_sent_then_400_and_nothing_changes(string route)
    {
        var rows = await control.RowsAsync();
        var body = BodyRoutes.Accepted(route, control).ToJsonString();
        foreach (
            var key in (string[])["", new string('k', 256), "two words", "\t", "k\u00e9y", "\u8a9e"]
        )
        {
            var (method, path) = BodyRoutes.Of(route, control);
            var secret = ReferenceEquals(control.ClientFor(route), control.Admin)
                ? control.Control.AdminKey
                : control.OwnerKey;
            await using var raw = await RawConnection.OpenAsync(control.Control);
            await raw.WriteAsync(
                $"{method} {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {secret}\r\nIdempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"
            );
            var (status, _, text) = await raw.ReadAsync();
            Assert.True(status == 400, $"{key}: {status} {text}");
            Assert.Equal("idempotency.key_invalid", (string?)JsonNode.Parse(text)!["code"]);
        }

        Assert.Equal(rows, await control.RowsAsync());
    }

    private async Task<HttpResponseMessage> SendAsync(
        string route,
        string body,
        string key,
        string scheme = "Bearer"
    )
    {
        var (method, path) = BodyRoutes.Of(route, control);
        var client = control.ClientFor(route);
        using var request = Refusal.Request(method, path, body);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            scheme,
            client.DefaultRequestHeaders.Authorization!.Parameter
        );
        request.Headers.Add("Idempotency-Key", key);
        request.Headers.Add("Prefer", "wait=30");
        return await client.SendAsync(request, Token);
    }
}
