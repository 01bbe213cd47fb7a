using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.BadInput;

/// <summary>Rows 8, 11, 13 and 24: what no HTTP client would send, on raw connections.</summary>
[Collection(BadInputRows.Name)]
public sealed class WireRowTests(BadInputControl control)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Head => $"Host: localhost\r\nAuthorization: Bearer {control.OwnerKey}\r\n";

    [Fact]
    public async Task Given_two_lengths_for_one_body_when_sent_then_400_and_the_connection_ends()
    {
        await using var raw = await RawConnection.OpenAsync(control.Control);
        await raw.WriteAsync(
            $"POST /v1/keys HTTP/1.1\r\n{Head}Content-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/keys HTTP/1.1\r\n{Head}\r\n"
        );
        var (status, head, body) = await raw.ReadAsync();
        Assert.Equal(400, status);
        Assert.Equal("request.header_invalid", (string?)JsonNode.Parse(body)!["code"]);
        Assert.Contains("Connection: close", head, StringComparison.OrdinalIgnoreCase);
        Assert.True(await raw.EndsWithinAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData("Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400)]
    [InlineData("Content-Length: -1\r\n\r\n", 400)]
    [InlineData("Transfer-Encoding: gzip\r\n\r\n", 400)]
    [InlineData("X-Split: a\rb\r\n\r\n", 400)]
    [InlineData("X-Zero: a\0b\r\n\r\n", 400)]
    [InlineData("No colon\r\n\r\n", 400)]
    public async Task Given_a_broken_head_when_sent_then_the_server_refuses_it(
        string rest,
        int status
    )
    {
        await using var raw = await RawConnection.OpenAsync(control.Control);
        await raw.WriteAsync($"POST /v1/keys HTTP/1.1\r\n{Head}{rest}");
        Assert.Equal(status, (await raw.ReadAsync()).Status);
    }

    [Fact]
    public async Task Given_64_mebibytes_announced_when_sent_then_413_before_any_of_them()
    {
        await using var raw = await RawConnection.OpenAsync(control.Control);
        await raw.WriteAsync(
            $"POST /v1/keys HTTP/1.1\r\n{Head}Content-Type: application/json\r\nContent-Length: 67108864\r\n\r\n"
        );
        var (status, _, body) = await raw.ReadAsync();
        Assert.Equal((413, "request.too_large"), (status, (string?)JsonNode.Parse(body)!["code"]));
    }

    [Theory]
    [InlineData("/v1/instances/..%2f..%2fetc%2fpasswd", 404)]
    [InlineData("/v1/instances/../../etc/passwd", 404)]
    [InlineData("/v1/instances/%2e%2e/%2e%2e/etc", 404)]
    [InlineData("/v1/instances/%00", 400)]
    [InlineData("/v1/instances/%zz", 404)]
    [InlineData("/v1/instances/%C0%AF", 404)]
    [InlineData("/v1/instances/%ED%A0%80", 404)]
    [InlineData("/v1/instances/%EF%BF%BF", 404)]
    [InlineData("/v1/instances?name=%00", 400)]
    [InlineData("/v1/operations?resource=a%00b", 400)]
    [InlineData("*", 405)]
    [InlineData("http://[", 400)]
    public async Task Given_a_strange_target_when_asked_then_400_or_404(string target, int status)
    {
        await using var raw = await RawConnection.OpenAsync(control.Control);
        await raw.WriteAsync($"GET {target} HTTP/1.1\r\n{Head}\r\n");
        Assert.Equal(status, (await raw.ReadAsync()).Status);
    }

    [Fact]
    public async Task Given_a_target_of_9_kib_when_asked_then_414_with_a_problem()
    {
        await using var raw = await RawConnection.OpenAsync(control.Control);
        await raw.WriteAsync(
            $"GET /v1/instances/{new string('a', 9 * 1024)} HTTP/1.1\r\n{Head}\r\n"
        );
        var (status, _, body) = await raw.ReadAsync();
        Assert.Equal(414, status);
        Assert.Equal("request.target_too_long", (string?)JsonNode.Parse(body)!["code"]);
    }

    [Fact]
    public async Task Given_slow_and_idle_connections_when_time_is_up_then_they_are_closed_and_others_are_served()
    {
        await using var postgres = new PostgresFixture();
        await using var strict = await RunningControl.StartAsync(
            await postgres.ServerAsync(),
            new JsonObject
            {
                ["connections"] = new JsonObject
                {
                    ["headersTimeoutSeconds"] = 3,
                    ["idleTimeoutSeconds"] = 3,
                },
            }
        );
        var open = new List<RawConnection>();
        for (var i = 0; i < 60; i++)
        {
            var raw = await RawConnection.OpenAsync(strict);
            // A third says nothing, a third begins a request, a third is idle after one.
            await raw.WriteAsync(
                (i % 3) switch
                {
                    0 => "",
                    1 => "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ",
                    _ => "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
                }
            );
            open.Add(raw);
        }

        using var other = strict.Client(null);
        Assert.True((await other.GetAsync("/healthz", Token)).IsSuccessStatusCode);
        foreach (var raw in open)
        {
            Assert.True(await raw.EndsWithinAsync(TimeSpan.FromSeconds(30)));
            await raw.DisposeAsync();
        }

        Assert.True((await other.GetAsync("/healthz", Token)).IsSuccessStatusCode);
    }
}
