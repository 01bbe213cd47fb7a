using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Http;

/// <summary>ETag and If-Match, Prefer, and the stream of an operation's events, on an instance of the simulated driver.</summary>
public sealed class ConditionalChangeTests(ControlFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_an_old_etag_then_412_and_with_the_present_one_the_change_goes_on()
    {
        var owner = await fixture.ReadyTenantAsync();
        var created = await SendAsync(
            owner,
            HttpMethod.Post,
            "/v1/instances",
            Inputs("tagged"),
            prefer: "wait=60"
        );
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var old = created.Headers.ETag!.ToString();

        var tagged = await PatchAsync(owner, "tagged", old);
        Assert.Equal(HttpStatusCode.OK, tagged.StatusCode);
        var now = tagged.Headers.ETag!.ToString();
        Assert.NotEqual(old, now);

        var stale = await PatchAsync(owner, "tagged", old);
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        var problem = await stale.Content.ReadFromJsonAsync<JsonNode>(Token);
        Assert.Equal("request.precondition_failed", problem!["code"]!.GetValue<string>());
        Assert.Equal(
            HttpStatusCode.PreconditionFailed,
            (
                await SendAsync(
                    owner,
                    HttpMethod.Put,
                    "/v1/instances/tagged",
                    Inputs("tagged"),
                    ifMatch: old
                )
            ).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.PreconditionFailed,
            (
                await SendAsync(
                    owner,
                    HttpMethod.Post,
                    "/v1/instances/tagged/stop",
                    null,
                    ifMatch: old
                )
            ).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.PreconditionFailed,
            (
                await SendAsync(
                    owner,
                    HttpMethod.Delete,
                    "/v1/instances/tagged",
                    null,
                    ifMatch: old
                )
            ).StatusCode
        );

        Assert.Equal(
            now,
            (await owner.GetAsync("/v1/instances/tagged", Token)).Headers.ETag!.ToString()
        );
        Assert.Equal(
            HttpStatusCode.OK,
            (await PatchAsync(owner, "tagged", $"\"0\", {now}")).StatusCode
        );
        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(owner, "tagged", "*")).StatusCode);
    }

    [Fact]
    public async Task Given_no_if_match_then_a_change_goes_on_without_one()
    {
        var owner = await fixture.ReadyTenantAsync();
        await SendAsync(owner, HttpMethod.Post, "/v1/instances", Inputs("untagged"), "wait=60");
        var wish = Inputs("untagged");
        wish["tags"] = new JsonObject { ["team"] = "a" };
        Assert.Equal(
            HttpStatusCode.OK,
            (await SendAsync(owner, HttpMethod.Put, "/v1/instances/untagged", wish)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.NoContent,
            (
                await SendAsync(owner, HttpMethod.Delete, "/v1/instances/untagged", null, "wait=60")
            ).StatusCode
        );
    }

    [Fact]
    public async Task Given_respond_async_then_202_with_the_operation_whose_events_stream_until_it_ends()
    {
        var owner = await fixture.ReadyTenantAsync();
        var accepted = await SendAsync(
            owner,
            HttpMethod.Post,
            "/v1/instances",
            Inputs("streamed"),
            prefer: "respond-async"
        );
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var operation = accepted.Headers.Location!.ToString();

        using var stream = await owner.GetAsync(
            $"{operation}/events",
            HttpCompletionOption.ResponseHeadersRead,
            Token
        );
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType!.MediaType);
        var lines = (await stream.Content.ReadAsStringAsync(Token)).Split('\n'); // ends by itself: the operation ended
        var ids = lines
            .Where(line => line.StartsWith("id: ", StringComparison.Ordinal))
            .Select(line => long.Parse(line[4..], null))
            .ToList();
        Assert.True(ids.Count > 2, string.Join('\n', lines));
        Assert.Equal(ids.Order(), ids);

        var ended = JsonNode.Parse(await owner.GetStringAsync($"{operation}?wait=30", Token))!;
        Assert.Equal("succeeded", ended["state"]!.GetValue<string>());

        // A client that lost the connection goes on after what it has seen.
        using var again = new HttpRequestMessage(HttpMethod.Get, $"{operation}/events");
        again.Headers.Add(
            "Last-Event-ID",
            ids[^2].ToString(System.Globalization.CultureInfo.InvariantCulture)
        );
        var rest = await (await owner.SendAsync(again, Token)).Content.ReadAsStringAsync(Token);
        Assert.Equal(
            [$"id: {ids[^1]}"],
            rest.Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal))
        );

        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await owner.GetAsync($"{operation}?wait=61", Token)).StatusCode
        );
        var (stranger, _, _) = await fixture.TenantAsync();
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await stranger.GetAsync($"{operation}/events", Token)).StatusCode
        );
    }

    private static JsonObject Inputs(string name) =>
        new()
        {
            ["name"] = name,
            ["engine"] = "postgresql",
            ["region"] = RunningControl.Region,
            ["cpu"] = 1,
            ["memoryGib"] = 1,
            ["storageGib"] = 1,
            ["deletionProtection"] = false,
        };

    private static Task<HttpResponseMessage> PatchAsync(
        HttpClient owner,
        string name,
        string ifMatch
    ) =>
        SendAsync(
            owner,
            HttpMethod.Patch,
            $"/v1/instances/{name}",
            new JsonObject
            {
                ["tags"] = new JsonObject { ["change"] = Guid.NewGuid().ToString("N") },
            },
            ifMatch: ifMatch
        );

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient owner,
        HttpMethod method,
        string path,
        JsonObject? body,
        string? prefer = null,
        string? ifMatch = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(
                body.ToJsonString(),
                System.Text.Encoding.UTF8,
                "application/json"
            );
        }

        if (prefer is not null)
        {
            request.Headers.Add("Prefer", prefer);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await owner.SendAsync(request, Token);
    }
}
