using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Usage;

/// <summary>
/// Prices are the administrator's, and every estimate follows them. With a service of its own: prices are the platform's, so a change
/// would be seen by all tests that share one.
/// </summary>
public sealed class PriceTests(PostgresFixture postgres)
{
    private static readonly object s_fair = new
    {
        cpuHour = 0.5m,
        memoryGibHour = 0.25m,
        storageGibHour = 0.01m,
        currency = "USD",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_the_administrator_when_prices_are_set_then_estimates_follow_and_the_trail_says_who()
    {
        await using var control = await RunningControl.StartAsync(await postgres.ServerAsync());
        using var admin = control.Client(control.AdminKey);
        var before = await PricesAsync(admin);
        Assert.Equal("EUR", before["currency"]!.GetValue<string>());
        Assert.Null(before["validFrom"]);

        using var answer = await admin.PutAsJsonAsync(
            $"/v1/prices/{RunningControl.Region}",
            s_fair,
            Token
        );

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var after = await PricesAsync(admin);
        Assert.Equal(0.5m, after["cpuHour"]!.GetValue<decimal>());
        Assert.NotNull(after["validFrom"]);
        using var made = await admin.PostAsJsonAsync("/v1/tenants", new { name = "buyers" }, Token);
        var key = JsonNode.Parse(await made.Content.ReadAsStringAsync(Token))!["ownerKey"]![
            "secret"
        ]!.GetValue<string>();
        using var owner = control.Client(key);
        using var planned = await owner.PostAsJsonAsync(
            "/v1/plan",
            new
            {
                resource = "DatabaseInstance",
                action = "create",
                inputs = new
                {
                    name = "shop",
                    engine = "postgresql",
                    region = RunningControl.Region,
                    cpu = 2,
                    memoryGib = 4,
                    storageGib = 10,
                },
            },
            Token
        );
        var cost = JsonNode.Parse(await planned.Content.ReadAsStringAsync(Token))!["monthlyCost"]!;
        // 730 hours of 2 cores, 4 GiB and 10 GiB.
        Assert.Equal(730 * (1.0m + 1.0m + 0.1m), cost["after"]!.GetValue<decimal>());
        Assert.Equal("USD", cost["currency"]!.GetValue<string>());
        Assert.Equal(1, await CountAsync(control, "event", "kind = 'price.changed' AND audit"));

        // What held before stays in the book.
        using var again = await admin.PutAsJsonAsync(
            $"/v1/prices/{RunningControl.Region}",
            s_fair,
            Token
        );
        Assert.Equal(6, await CountAsync(control, "price", "true"));
    }

    [Theory]
    [InlineData("""{"memoryGibHour":1,"storageGibHour":1,"currency":"EUR"}""", "/cpuHour")]
    [InlineData(
        """{"cpuHour":-0.1,"memoryGibHour":1,"storageGibHour":1,"currency":"EUR"}""",
        "/cpuHour"
    )]
    [InlineData(
        """{"cpuHour":1,"memoryGibHour":1000.01,"storageGibHour":1,"currency":"EUR"}""",
        "/memoryGibHour"
    )]
    [InlineData(
        """{"cpuHour":1,"memoryGibHour":1,"storageGibHour":1,"currency":"euro"}""",
        "/currency"
    )]
    [InlineData("""{"cpuHour":1,"memoryGibHour":1,"storageGibHour":1}""", "/currency")]
    public async Task Given_wrong_prices_when_they_are_set_then_the_member_is_named_and_nothing_changes(
        string body,
        string pointer
    )
    {
        await using var control = await RunningControl.StartAsync(await postgres.ServerAsync());
        using var admin = control.Client(control.AdminKey);
        using var answer = await admin.PutAsync(
            new Uri($"/v1/prices/{RunningControl.Region}", UriKind.Relative),
            new StringContent(body, null, "application/json"),
            Token
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!;
        Assert.Equal("price.invalid", problem["code"]!.GetValue<string>());
        Assert.Equal(pointer, problem["errors"]![0]!["pointer"]!.GetValue<string>());
        Assert.Equal(0, await CountAsync(control, "price", "true"));
    }

    [Fact]
    public async Task Given_a_tenants_owner_or_an_unknown_region_when_prices_are_set_then_it_is_refused()
    {
        await using var control = await RunningControl.StartAsync(await postgres.ServerAsync());
        using var admin = control.Client(control.AdminKey);
        using var nowhere = await admin.PutAsJsonAsync("/v1/prices/nowhere", s_fair, Token);
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);

        using var made = await admin.PostAsJsonAsync("/v1/tenants", new { name = "poor" }, Token);
        var key = JsonNode.Parse(await made.Content.ReadAsStringAsync(Token))!["ownerKey"]![
            "secret"
        ]!.GetValue<string>();
        using var owner = control.Client(key);
        using var refused = await owner.PutAsJsonAsync(
            $"/v1/prices/{RunningControl.Region}",
            s_fair,
            Token
        );
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("EUR", (await PricesAsync(owner))["currency"]!.GetValue<string>());
    }

    private static async Task<JsonNode> PricesAsync(HttpClient client) =>
        Assert.Single(
            JsonNode.Parse(
                await client.GetStringAsync(new Uri("/v1/prices", UriKind.Relative), Token)
            )!["prices"]!.AsArray()
        )!;

    private static async Task<long> CountAsync(RunningControl control, string table, string where)
    {
        await using var transaction = await Microsoft
            .Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Dbaas.Control.Metadata.IPlatformTransactions>(
                control.Services
            )
            .BeginAsync(Token);
        await using var command = transaction.Command(
            $"SELECT count(*) FROM {table} WHERE {where}"
        );
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }
}
