using System.Net;
using System.Net.Http.Json;
using System.Security.Authentication;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Identity;

/// <summary>Who gets in, who does not, and what is written about it.</summary>
public sealed class AccessTests(ControlFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    [InlineData("dbk_AAAAAAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Given_no_valid_key_then_401_with_a_challenge_and_no_reason(string? key)
    {
        var control = await fixture.StartedAsync();
        using var client = control.Client(key);
        var answer = await client.GetAsync("/v1/keys", Token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        var body = await Body(answer);
        Assert.Equal("access.unauthenticated", body["code"]!.GetValue<string>());
        Assert.Equal(
            answer.Headers.GetValues("Dbaas-Request-Id").Single(),
            body["requestId"]!.GetValue<string>()
        );
    }

    [Fact]
    public async Task Given_a_right_key_with_a_wrong_secret_then_401()
    {
        var control = await fixture.StartedAsync();
        var (_, _, key) = await fixture.TenantAsync();
        using var client = control.Client(key[..^1] + (key[^1] == 'a' ? 'b' : 'a'));
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await client.GetAsync("/v1/keys", Token)).StatusCode
        );
    }

    [Fact]
    public async Task Given_a_viewer_when_it_writes_then_403_names_the_right_and_the_refusal_is_audited()
    {
        var control = await fixture.StartedAsync();
        var (owner, _, _) = await fixture.TenantAsync();
        using var viewer = control.Client(await KeyAsync(owner, "viewer"));

        var answer = await viewer.PostAsJsonAsync("/v1/keys", new { alias = "mine" }, Token);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var body = await Body(answer);
        Assert.Equal("access.denied", body["code"]!.GetValue<string>());
        Assert.Contains("key:write", body["detail"]!.GetValue<string>());
        var trail = await Body(await owner.GetAsync("/v1/audit-events?kind=access.denied", Token));
        var entry = Assert.Single(trail["items"]!.AsArray())!;
        Assert.Equal(body["requestId"]!.GetValue<string>(), entry["requestId"]!.GetValue<string>());
    }

    [Fact]
    public async Task Given_a_revoked_key_then_it_is_refused_at_once()
    {
        var control = await fixture.StartedAsync();
        var (owner, _, _) = await fixture.TenantAsync();
        var created = await Body(
            await owner.PostAsJsonAsync(
                "/v1/api-keys",
                new { name = "doomed", role = "viewer" },
                Token
            )
        );
        using var doomed = control.Client(created["secret"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await doomed.GetAsync("/v1/keys", Token)).StatusCode);
        var revoked = await owner.DeleteAsync(
            $"/v1/api-keys/{created["key"]!["id"]!.GetValue<string>()}",
            Token
        );
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await doomed.GetAsync("/v1/keys", Token)).StatusCode
        );
    }

    [Fact]
    public async Task Given_an_operator_when_it_makes_an_owner_then_it_is_refused()
    {
        var control = await fixture.StartedAsync();
        var (owner, _, _) = await fixture.TenantAsync();
        using var auditor = control.Client(await KeyAsync(owner, "operator"));
        var answer = await auditor.PostAsJsonAsync(
            "/v1/api-keys",
            new { name = "climb", role = "owner" },
            Token
        );
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Given_two_tenants_when_one_names_things_of_the_other_then_the_answer_is_that_of_nothing()
    {
        var (first, firstId, _) = await fixture.TenantAsync();
        var (second, _, _) = await fixture.TenantAsync();
        var made = await Body(
            await first.PostAsJsonAsync("/v1/keys", new { alias = "secret-project" }, Token)
        );
        var id = made["id"]!.GetValue<string>();
        var other = "key_" + Guid.NewGuid().ToString("N");

        Assert.Equal(
            await NormalisedAsync(second, $"/v1/keys/{other}", other),
            await NormalisedAsync(second, $"/v1/keys/{id}", id)
        );
        Assert.DoesNotContain(
            "secret-project",
            await second.GetStringAsync("/v1/keys", Token),
            StringComparison.Ordinal
        );

        second.DefaultRequestHeaders.Add("Dbaas-Tenant", firstId);
        var foreign = await second.GetAsync("/v1/keys", Token);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal("tenant.not_found", (await Body(foreign))["code"]!.GetValue<string>());

        // Whose key it was is in the trail of the tenant that it comes from.
        second.DefaultRequestHeaders.Remove("Dbaas-Tenant");
        var entry = Assert.Single(
            JsonNode.Parse(
                await second.GetStringAsync("/v1/audit-events?kind=access.unauthenticated", Token)
            )!["items"]!.AsArray()
        )!;
        Assert.Contains(
            "not one of the key's",
            entry["message"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
        Assert.Equal(
            foreign.Headers.GetValues("Dbaas-Request-Id").Single(),
            entry["requestId"]!.GetValue<string>()
        );
    }

    [Fact]
    public async Task Given_a_tenant_that_registers_the_key_of_another_then_the_key_does_not_exist()
    {
        var (first, _, _) = await fixture.TenantAsync();
        var (second, _, _) = await fixture.TenantAsync();
        var made = await Body(
            await first.PostAsJsonAsync("/v1/keys", new { alias = "mine" }, Token)
        );
        var answer = await second.PostAsJsonAsync(
            "/v1/keys",
            new { alias = "stolen", arn = made["arn"]!.GetValue<string>() },
            Token
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("key.unknown", (await Body(answer))["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task Given_a_client_of_tls_1_2_then_no_connection_comes_about()
    {
        var control = await fixture.StartedAsync();
#pragma warning disable CA5398 // the old protocol is what must be refused
        using var client = control.Client(null, SslProtocols.Tls12);
#pragma warning restore CA5398
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/healthz", Token));
    }

    private static async Task<string> KeyAsync(HttpClient owner, string role)
    {
        var answer = await owner.PostAsJsonAsync("/v1/api-keys", new { name = role, role }, Token);
        answer.EnsureSuccessStatusCode();
        return (await Body(answer))["secret"]!.GetValue<string>();
    }

    /// <summary>Status and body without what differs by nature: the id asked for and the request's own.</summary>
    private static async Task<string> NormalisedAsync(HttpClient client, string path, string id)
    {
        var answer = await client.GetAsync(path, Token);
        var body = await Body(answer);
        body["requestId"] = null;
        return $"{(int)answer.StatusCode} {body.ToJsonString().Replace(id, "ID", StringComparison.Ordinal)}";
    }

    private static async Task<JsonNode> Body(HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!;
}
