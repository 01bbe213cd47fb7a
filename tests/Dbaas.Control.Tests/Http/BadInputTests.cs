using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Http;

/// <summary>Rows of the list of bad input: each is refused with a code and a problem body, none is a 500.</summary>
public sealed class BadInputTests(ControlFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", 400, "json.body_required")]
    [InlineData("  ", 400, "json.body_required")]
    [InlineData("{\"name\":", 400, "json.malformed")]
    [InlineData("{\"name\":\"a\"} trailing", 400, "json.malformed")]
    [InlineData("{}{}", 400, "json.malformed")]
    [InlineData("{\"name\":NaN}", 400, "json.malformed")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", 400, "json.duplicate_member")]
    [InlineData("{\"nmae\":\"a\"}", 422, "json.unknown_member")]
    [InlineData("{\"name\":5}", 422, "json.type")]
    [InlineData("{\"name\":\"a\",\"expiresInDays\":\"10\"}", 422, "json.type")]
    [InlineData("{\"name\":\"a\",\"expiresInDays\":10.5}", 422, "json.type")]
    [InlineData("{\"name\":\"a\",\"expiresInDays\":1e2}", 422, "json.type")]
    [InlineData("{\"name\":\"a\",\"expiresInDays\":-0}", 422, "json.type")]
    [InlineData("{\"name\":\"a\",\"expiresInDays\":2147483648}", 422, "json.range")]
    [InlineData("{\"name\":\"a\",\"expiresInDays\":9007199254740993}", 422, "json.range")]
    [InlineData("{\"name\":\"a\",\"expiresInDays\":9223372036854775808}", 422, "json.range")]
    [InlineData(
        "{\"name\":\"a\",\"expiresInDays\":0,\"role\":\"viewer\"}",
        422,
        "api_key.expiry_invalid"
    )]
    [InlineData("{\"name\":null,\"role\":\"viewer\"}", 422, "api_key.name_invalid")]
    [InlineData("{\"name\":\"\\uD800\"}", 400, "json.encoding")]
    [InlineData("{\"name\":\"\\u0000\"}", 400, "json.encoding")]
    [InlineData("[]", 422, "json.type")]
    [InlineData("\"text\"", 422, "json.type")]
    [InlineData("null", 422, "json.type")]
    [InlineData("{\"name\":\"a\\n\",\"role\":\"viewer\"}", 422, "api_key.name_invalid")]
    [InlineData("{\"name\":\"UPPER\",\"role\":\"viewer\"}", 422, "api_key.name_invalid")]
    [InlineData("{\"name\":\"a--b\",\"role\":\"viewer\"}", 422, "api_key.name_invalid")]
    [InlineData(
        "{\"name\":\"ok\",\"role\":\"platform-administrator\"}",
        422,
        "api_key.role_unknown"
    )]
    public async Task Given_a_bad_body_then_it_is_refused_with_its_code(
        string body,
        int status,
        string code
    ) => await RefusedAsync(Encoding.UTF8.GetBytes(body), status, code);

    [Fact]
    public async Task Given_a_400_digit_number_then_it_is_out_of_range() =>
        await RefusedAsync(
            Encoding.UTF8.GetBytes($"{{\"name\":\"a\",\"expiresInDays\":{new string('9', 400)}}}"),
            422,
            "json.range"
        );

    [Fact]
    public async Task Given_ten_thousand_levels_then_the_depth_is_refused() =>
        await RefusedAsync(
            Encoding.UTF8.GetBytes(
                $"{{\"name\":{new string('[', 10_000)}{new string(']', 10_000)}}}"
            ),
            400,
            "json.depth"
        );

    [Fact]
    public async Task Given_more_than_a_mebibyte_then_413() =>
        await RefusedAsync(
            Encoding.UTF8.GetBytes($"{{\"name\":\"{new string('a', 2 * 1024 * 1024)}\"}}"),
            413,
            "request.too_large"
        );

    [Fact]
    public async Task Given_overlong_utf8_then_the_encoding_is_refused() =>
        await RefusedAsync([.. "{\"name\":\""u8, 0xC0, 0xAF, .. "\"}"u8], 400, "json.encoding");

    [Fact]
    public async Task Given_truncated_json_then_the_byte_is_named()
    {
        var problem = await RefusedAsync("{\n\"name\": tru"u8.ToArray(), 400, "json.malformed");
        Assert.Matches("byte 1[0-9]", problem["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task Given_an_unknown_member_then_the_nearest_name_and_the_pointer_are_told()
    {
        var problem = await RefusedAsync(
            "{\"nmae\":\"a\",\"rol\":1}"u8.ToArray(),
            422,
            "json.unknown_member"
        );
        var errors = problem["errors"]!.AsArray();
        Assert.Equal("/nmae", errors[0]!["pointer"]!.GetValue<string>());
        Assert.Equal("name", errors[0]!["allowed"]!.GetValue<string>());
        Assert.Equal("role", errors[1]!["allowed"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("text/xml", null, 415)]
    [InlineData(null, null, 415)]
    [InlineData("application/json", "gzip", 415)]
    public async Task Given_a_foreign_media_type_then_415(
        string? type,
        string? encoding,
        int status
    )
    {
        var (owner, _, _) = await fixture.TenantAsync();
        using var content = new ByteArrayContent("{\"name\":\"a\"}"u8.ToArray());
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        await IsProblemAsync(
            await owner.PostAsync("/v1/api-keys", content, Token),
            status,
            "request.media_type"
        );
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", 404, "request.route_unknown")]
    [InlineData("GET", "/nothing", 404, "request.route_unknown")]
    [InlineData("PATCH", "/v1/tenants", 405, "request.method_not_allowed")]
    [InlineData("GET", "/v1/keys/..%2f..%2fetc", 404, "key.not_found")]
    [InlineData("GET", "/v1/keys/key_xyz", 404, "key.not_found")]
    [InlineData("GET", "/v1/keys?limit=0", 400, "request.limit_invalid")]
    [InlineData("GET", "/v1/keys?limit=-1", 400, "request.limit_invalid")]
    [InlineData("GET", "/v1/keys?limit=1000000000", 400, "request.limit_invalid")]
    [InlineData("GET", "/v1/keys?limit=abc", 400, "request.invalid")]
    [InlineData("GET", "/v1/keys?cursor=forged", 400, "request.cursor_invalid")]
    [InlineData("GET", "/v1/keys?sort=secret", 400, "request.query_unknown")]
    [InlineData("GET", "/v1/audit-events?since=yesterday", 400, "audit.filter_invalid")]
    [InlineData("GET", "/v1/engines?engine=mariadb", 404, "engine.not_found")]
    public async Task Given_a_bad_request_line_then_it_is_refused(
        string method,
        string path,
        int status,
        string code
    )
    {
        var (owner, _, _) = await fixture.TenantAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var answer = await owner.SendAsync(request, Token);
        if (status == 405)
        {
            Assert.Contains("POST", answer.Content.Headers.Allow);
        }

        await IsProblemAsync(answer, status, code);
    }

    [Fact]
    public async Task Given_an_id_of_8_kib_then_no_500()
    {
        var (owner, _, _) = await fixture.TenantAsync();
        var answer = await owner.GetAsync($"/v1/keys/{new string('a', 7_000)}", Token);
        Assert.InRange((int)answer.StatusCode, 400, 499);
    }

    [Fact]
    public async Task Given_accept_image_then_406()
    {
        var (owner, _, _) = await fixture.TenantAsync();
        owner.DefaultRequestHeaders.Accept.ParseAdd("image/png");
        await IsProblemAsync(
            await owner.GetAsync("/v1/keys", Token),
            406,
            "request.not_acceptable"
        );
    }

    [Fact]
    public async Task Given_a_cursor_of_another_tenant_then_it_is_refused()
    {
        var (first, _, _) = await fixture.TenantAsync();
        var (second, _, _) = await fixture.TenantAsync();
        var page = JsonNode.Parse(await first.GetStringAsync("/v1/audit-events?limit=1", Token))!;
        using var more = new StringContent(
            "{\"name\":\"k\",\"role\":\"viewer\"}",
            Encoding.UTF8,
            "application/json"
        );
        (await first.PostAsync("/v1/api-keys", more, Token)).EnsureSuccessStatusCode();
        page = JsonNode.Parse(await first.GetStringAsync("/v1/audit-events?limit=1", Token))!;
        var cursor = page["nextCursor"]!.GetValue<string>();

        (
            await first.GetAsync($"/v1/audit-events?limit=1&cursor={cursor}", Token)
        ).EnsureSuccessStatusCode();
        await IsProblemAsync(
            await second.GetAsync($"/v1/audit-events?limit=1&cursor={cursor}", Token),
            400,
            "request.cursor_invalid"
        );
        await IsProblemAsync(
            await first.GetAsync($"/v1/audit-events?limit=1&kind=x&cursor={cursor}", Token),
            400,
            "request.cursor_invalid"
        );
    }

    private async Task<JsonNode> RefusedAsync(byte[] body, int status, string code)
    {
        var (owner, _, _) = await fixture.TenantAsync();
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await IsProblemAsync(
            await owner.PostAsync("/v1/api-keys", content, Token),
            status,
            code
        );
    }

    private static async Task<JsonNode> IsProblemAsync(
        HttpResponseMessage answer,
        int status,
        string code
    )
    {
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal(code, problem["code"]!.GetValue<string>());
        Assert.Equal(status, problem["status"]!.GetValue<int>());
        return problem;
    }
}
