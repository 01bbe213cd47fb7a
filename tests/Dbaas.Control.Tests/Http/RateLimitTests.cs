using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dbaas.Control.Identity;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Http;

/// <summary>Who asks too much is told to wait, and nobody else is: not another tenant, and not who shares the address of one that guesses keys.</summary>
public sealed class RateLimitTests(PostgresFixture postgres)
{
    private const string Route = "/v1/keys";
    private const int Burst = 20;
    private const int StrangerBurst = 5;
    private const int PerSecond = 1;
    private const int Flood = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_a_tenant_that_floods_when_another_asks_then_only_the_first_has_to_wait()
    {
        await using var control = await StartAsync(Burst);
        var (first, _, _) = await ControlFixture.TenantAsync(control);
        var (second, _, _) = await ControlFixture.TenantAsync(control);
        using var loud = first;
        using var quiet = second;
        // The door is open before: how many may come through at once is another limit.
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(loud));

        var watch = Stopwatch.StartNew();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, Flood).Select(_ => loud.GetAsync(Route, Token))
        );
        var most = Burst + Refilled(watch);

        Assert.All(
            answers,
            answer =>
                Assert.True(
                    answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests
                )
        );
        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.OK), 1, most);
        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        Assert.Equal($"{Burst}", refused.Headers.GetValues("RateLimit-Limit").Single());
        Assert.Equal(
            "request.rate_limited",
            (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync(Token))!["code"]
        );
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(quiet));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Given_a_stranger_who_floods_when_a_tenant_of_the_same_address_asks_then_only_the_stranger_has_to_wait(
        bool guesses
    )
    {
        var lookedUp = new ConcurrentBag<string>();
        await using var control = await StartAsync(Burst, lookedUp);
        var (owner, _, _) = await ControlFixture.TenantAsync(control);
        using var tenant = owner;
        using var stranger = control.Client(null);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(tenant));
        lookedUp.Clear();

        var watch = Stopwatch.StartNew();
        var statuses = await Task.WhenAll(
            Enumerable
                .Range(0, Flood)
                .Select(_ => StatusAsync(stranger, guesses ? ApiKeySecret.Draw().Text : null))
        );
        var most = StrangerBurst + Refilled(watch);

        Assert.All(
            statuses,
            status =>
                Assert.True(status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests)
        );
        var tried = statuses.Count(status => status == HttpStatusCode.Unauthorized);
        Assert.InRange(tried, 1, most);
        // Counted before it costs the database anything.
        Assert.Equal(guesses ? tried : 0, lookedUp.Count);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(tenant));
    }

    [Fact]
    public async Task Given_good_keys_that_nobody_has_used_yet_when_they_come_from_one_address_then_none_counts_as_a_stranger()
    {
        await using var control = await StartAsync(2 * Flood);
        var (owner, _, _) = await ControlFixture.TenantAsync(control);
        using var tenant = owner;

        // One key, by all its users at once.
        var statuses = await Task.WhenAll(
            Enumerable.Range(0, Flood).Select(_ => StatusAsync(tenant))
        );
        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));

        // More keys than strangers may try, one after the other.
        for (var number = 0; number < 3 * StrangerBurst; number++)
        {
            using var fresh = control.Client(await KeyAsync(tenant, $"key-{number}"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(fresh));
        }
    }

    private async Task<RunningControl> StartAsync(
        int burst,
        ConcurrentBag<string>? lookedUp = null
    ) =>
        await RunningControl.StartAsync(
            await postgres.ServerAsync(),
            new JsonObject
            {
                ["rateLimit"] = new JsonObject
                {
                    ["burst"] = burst,
                    ["perSecond"] = PerSecond,
                    ["strangerBurst"] = StrangerBurst,
                    ["strangerPerSecond"] = PerSecond,
                },
            },
            builder =>
                builder.Services.AddSingleton<IPrincipals>(services => new WatchedPrincipals(
                    ActivatorUtilities.CreateInstance<Principals>(services),
                    lookedUp ?? []
                ))
        );

    /// <summary>Tokens that came back meanwhile, on a slow machine more.</summary>
    private static int Refilled(Stopwatch watch) =>
        PerSecond * (1 + (int)watch.Elapsed.TotalSeconds);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Route);
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using var answer = await client.SendAsync(request, Token);
        return answer.StatusCode;
    }

    private static async Task<string> KeyAsync(HttpClient owner, string name)
    {
        using var answer = await owner.PostAsJsonAsync(
            "/v1/api-keys",
            new { name, role = "viewer" },
            Token
        );
        answer.EnsureSuccessStatusCode();
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!["secret"]!;
    }

    /// <summary>The service's own, and remembers which keys were looked up.</summary>
    private sealed class WatchedPrincipals(IPrincipals principals, ConcurrentBag<string> lookedUp)
        : IPrincipals
    {
        public Task<KnownPrincipal?> FindAsync(
            ApiKeySecret secret,
            CancellationToken cancellationToken
        )
        {
            lookedUp.Add(secret.Prefix);
            return principals.FindAsync(secret, cancellationToken);
        }

        public bool IsStranger(ApiKeySecret secret) => principals.IsStranger(secret);

        public void Forget() => principals.Forget();
    }
}
