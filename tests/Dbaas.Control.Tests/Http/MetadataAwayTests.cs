using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Http;

/// <summary>Fault 8: the service's own database dies. With a server of its own, because it is killed.</summary>
public sealed class MetadataAwayTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_a_dead_metadata_database_then_503_with_retry_after_and_recovery_without_a_restart()
    {
        await using var server = await PrivatePostgres.StartAsync();
        await using var control = await RunningControl.StartAsync(
            server,
            new JsonObject
            {
                ["rateLimit"] = new JsonObject { ["burst"] = 20, ["perSecond"] = 1 },
            }
        );
        using var client = control.Client(control.AdminKey);
        (await client.GetAsync("/v1/tenants", Token)).EnsureSuccessStatusCode();

        await server.KillAsync();

        var answer = await client.GetAsync("/v1/tenants", Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable,
            (await client.GetAsync("/readyz", Token)).StatusCode
        );
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz", Token)).StatusCode);

        await server.RestartAsync();
        await Eventually.BecomesAsync(
            async () => (await client.GetAsync("/readyz", Token)).StatusCode,
            status => status == HttpStatusCode.OK
        );
        (await client.GetAsync("/v1/tenants", Token)).EnsureSuccessStatusCode();

        // The same small installation shows the limit: 20 at once, then 429 with the time to wait.
        HttpResponseMessage limited;
        var tries = 0;
        do
        {
            limited = await client.GetAsync("/v1/tenants", Token);
        } while (limited.StatusCode == HttpStatusCode.OK && ++tries < 40);
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        Assert.Equal("20", limited.Headers.GetValues("RateLimit-Limit").Single());
        Assert.Equal("0", limited.Headers.GetValues("RateLimit-Remaining").Single());
        Assert.True(limited.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        var problem = await limited.Content.ReadFromJsonAsync<JsonNode>(Token);
        Assert.Equal("request.rate_limited", problem!["code"]!.GetValue<string>());
    }
}
