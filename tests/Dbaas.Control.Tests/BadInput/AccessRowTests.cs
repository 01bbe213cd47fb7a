using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;
using Npgsql;

namespace Dbaas.Control.Tests.BadInput;

/// <summary>Rows 15 and 16: no key, a wrong one, an expired one, and one without the right.</summary>
[Collection(BadInputRows.Name)]
public sealed class AccessRowTests(BadInputControl control)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Routes =>
        [.. BodyRoutes.Names.Where(name => !name.EndsWith("/enrol", StringComparison.Ordinal))];

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer dbk_short")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.")]
    [InlineData("Bearer eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJvdGhlciIsIm5iZiI6OTk5OTk5OTk5OX0.c2ln")]
    [InlineData("Bearer dbk_AAAAAAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Given_no_valid_key_when_anything_is_asked_then_401_without_a_reason(
        string? authorization
    )
    {
        var rows = await control.RowsAsync();
        var details = new HashSet<string>();
        foreach (var route in Routes.Select(row => row.Data))
        {
            var (method, path) = BodyRoutes.Of(route, control);
            using var request = Refusal.Request(
                method,
                path,
                BodyRoutes.Accepted(route, control).ToJsonString()
            );
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            var problem = await Refusal.IsAsync(
                control.Nobody,
                request,
                401,
                "access.unauthenticated"
            );
            details.Add((string)problem["detail"]!);
        }

        Assert.Single(details);
        Assert.Equal(rows, await control.RowsAsync());
        using var once = new HttpRequestMessage(HttpMethod.Get, "/v1/keys");
        once.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await control.Nobody.SendAsync(once, Token);
        Assert.NotEmpty(answer.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task Given_an_expired_key_when_used_then_401_as_for_one_that_never_was()
    {
        var (_, secret) = await KeyAsync("viewer");
        await SqlAsync(
            $"UPDATE api_key SET expires_at = now() - interval '1 second' WHERE prefix = '{secret[..16]}'"
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/keys");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        await Refusal.IsAsync(control.Nobody, request, 401, "access.unauthenticated");
    }

    [Fact]
    public async Task Given_a_wrong_secret_behind_a_right_prefix_when_tried_then_the_key_was_not_used()
    {
        var (id, secret) = await KeyAsync("viewer");
        var wrong = secret[..17] + new string('A', secret.Length - 17);
        using (var request = new HttpRequestMessage(HttpMethod.Get, "/v1/keys"))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", wrong);
            await Refusal.IsAsync(control.Nobody, request, 401, "access.unauthenticated");
        }

        Assert.Null(await LastUsedAsync(id));
        using var right = control.Control.Client(secret);
        (await right.GetAsync("/v1/keys", Token)).EnsureSuccessStatusCode();
        Assert.NotNull(await LastUsedAsync(id));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Given_a_viewer_when_it_changes_anything_then_403_with_the_name_of_the_right(
        string route
    )
    {
        if (route.EndsWith("/plan", StringComparison.Ordinal))
        {
            return; // A dry run changes nothing; whoever may read instances may ask for it.
        }

        var (_, secret) = await KeyAsync("viewer");
        using var viewer = control.Control.Client(secret);
        var rows = await control.RowsAsync();
        var (method, path) = BodyRoutes.Of(route, control);
        using var request = Refusal.Request(
            method,
            path,
            BodyRoutes.Accepted(route, control).ToJsonString()
        );
        var problem = await Refusal.IsAsync(viewer, request, 403, "access.denied");
        Assert.Matches("[a-z-]+:[a-z]+", (string)problem["detail"]!);
        Assert.Equal(rows, await control.RowsAsync());
    }

    private async Task<string?> LastUsedAsync(string id)
    {
        var page = JsonNode.Parse(
            await control.Owner.GetStringAsync("/v1/api-keys?limit=200", Token)
        )!;
        return (string?)
            page["items"]!.AsArray().Single(key => (string?)key!["id"] == id)!["lastUsedAt"];
    }

    private async Task<(string Id, string Secret)> KeyAsync(string role)
    {
        using var request = Refusal.Request(
            HttpMethod.Post,
            "/v1/api-keys",
            new JsonObject { ["name"] = InstanceApi.Name(), ["role"] = role }.ToJsonString()
        );
        using var answer = await control.Owner.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var made = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!;
        return ((string)made["key"]!["id"]!, (string)made["secret"]!);
    }

    private async Task SqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(await control.SuperuserAsync());
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Token));
    }
}
