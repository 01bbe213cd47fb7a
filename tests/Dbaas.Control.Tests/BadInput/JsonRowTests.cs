using System.Text;
using System.Text.Json.Nodes;

namespace Dbaas.Control.Tests.BadInput;

/// <summary>Rows 1 to 10 on every route that takes a body.</summary>
[Collection(BadInputRows.Name)]
public sealed class JsonRowTests(BadInputControl control)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly string s_deep = new string('[', 10_000) + new string(']', 10_000);

    /// <summary>Row, body, status, code. Bytes of Latin-1, so that broken UTF-8 can be written.</summary>
    private static readonly (string Row, string Body, int Status, string Code)[] s_rows =
    [
        ("1 empty", "", 400, "json.body_required"),
        ("1 blank", " \r\n\t", 400, "json.body_required"),
        ("2 truncated", "{\"canary-7f3a91\":\"can", 400, "json.malformed"),
        ("2 trailing", "{} canary-7f3a91", 400, "json.malformed"),
        ("2 two documents", "{}{}", 400, "json.malformed"),
        ("2 comment", "{/* canary-7f3a91 */}", 400, "json.malformed"),
        ("2 trailing comma", "{\"a\":1,}", 400, "json.malformed"),
        ("2 single quotes", "{'a':1}", 400, "json.malformed"),
        ("5 NaN", "{\"a\":NaN}", 400, "json.malformed"),
        ("5 leading zero", "{\"a\":01}", 400, "json.malformed"),
        (
            "3 duplicate",
            "{\"name\":\"canary-7f3a91\",\"name\":\"b\"}",
            400,
            "json.duplicate_member"
        ),
        ("3 duplicate below", "{\"x\":{\"a\":1,\"a\":2}}", 400, "json.duplicate_member"),
        ("3 duplicate escaped", "{\"name\":1,\"n\\u0061me\":2}", 400, "json.duplicate_member"),
        ("4 unknown", "{\"nmae\":\"canary-7f3a91\"}", 422, "json.unknown_member"),
        ("8 deep", $"{{\"a\":{s_deep}}}", 400, "json.depth"),
        ("10 invalid", "{\"name\":\"\u00ff\u00fe\"}", 400, "json.encoding"),
        ("10 overlong", "{\"name\":\"\u00c0\u00af\"}", 400, "json.encoding"),
        ("10 surrogate in UTF-8", "{\"name\":\"\u00ed\u00a0\u0080\"}", 400, "json.encoding"),
        ("10 lone surrogate", "{\"name\":\"\\uD800\"}", 400, "json.encoding"),
        ("10 lone surrogate as name", "{\"\\uDC00\":1}", 400, "json.encoding"),
        ("10 NUL", "{\"name\":\"canary-7f3a91\\u0000\"}", 400, "json.encoding"),
        ("11 byte order mark", "\u00ef\u00bb\u00bf{}", 400, "json.encoding"),
        ("5 array", "[]", 422, "json.type"),
        ("5 text", "\"canary-7f3a91\"", 422, "json.type"),
        ("5 null", "null", 422, "json.type"),
        ("5 number", "1", 422, "json.type"),
    ];

    public static TheoryData<string> Routes => [.. BodyRoutes.Names];

    [Fact]
    public async Task Given_the_openapi_document_then_every_route_with_a_body_is_tried()
    {
        var document = JsonNode.Parse(
            await control.Nobody.GetStringAsync("/openapi/v1.json", Token)
        )!;
        var documented =
            from path in document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            where operation.Value!["requestBody"] is not null
            select $"{operation.Key.ToUpperInvariant()} {path.Key.TrimEnd('/')}";
        Assert.Equal(
            documented.Order(StringComparer.Ordinal),
            BodyRoutes.Names.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Given_a_body_that_is_no_fit_json_when_sent_then_each_row_is_refused_and_nothing_changes(
        string route
    )
    {
        var (method, path) = BodyRoutes.Of(route, control);
        var before = await control.RowsAsync();
        foreach (var (row, body, status, code) in s_rows)
        {
            using var request = Refusal.Request(method, path, Encoding.Latin1.GetBytes(body));
            try
            {
                await Refusal.IsAsync(control.ClientFor(route), request, status, code);
            }
            catch (Xunit.Sdk.XunitException e)
            {
                Assert.Fail($"row {row}: {e.Message}");
            }
        }

        Assert.Equal(before, await control.RowsAsync());
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Given_a_foreign_media_type_when_sent_then_415_and_406(string route)
    {
        var (method, path) = BodyRoutes.Of(route, control);
        var client = control.ClientFor(route);
        var body = BodyRoutes.Accepted(route, control).ToJsonString();
        var before = await control.RowsAsync();
        foreach (var type in (string?[])["text/xml", "application/x-www-form-urlencoded", null])
        {
            using var foreign = Refusal.Request(method, path, Encoding.UTF8.GetBytes(body), type);
            await Refusal.IsAsync(client, foreign, 415, "request.media_type");
        }

        using var packed = Refusal.Request(method, path, body);
        packed.Content!.Headers.ContentEncoding.Add("gzip");
        await Refusal.IsAsync(client, packed, 415, "request.media_type");
        using var picture = Refusal.Request(method, path, body);
        picture.Headers.Accept.ParseAdd("image/png");
        await Refusal.IsAsync(client, picture, 406, "request.not_acceptable");
        // One byte more than is taken. The client asks before it sends, so that the refusal does not meet a body under way.
        var tooMuch = $"{{\"a\":\"{new string('a', 1024 * 1024 + 1 - 8)}\"}}";
        using var large = Refusal.Request(method, path, tooMuch);
        large.Headers.ExpectContinue = true;
        await Refusal.IsAsync(client, large, 413, "request.too_large");
        using var chunked = Refusal.Request(method, path, tooMuch);
        chunked.Headers.TransferEncodingChunked = true;
        await Refusal.IsAsync(client, chunked, 413, "request.too_large");
        Assert.Equal(before, await control.RowsAsync());
    }

    [Fact]
    public async Task Given_numbers_that_are_no_integers_when_sent_then_type_or_range_at_their_pointer()
    {
        var before = await control.RowsAsync();
        foreach (var (route, pointer) in BodyRoutes.Integers)
        {
            foreach (var wrong in (string[])["\"10\"", "10.5", "10.0", "1e2", "-0", "true", "[]"])
            {
                await RefusedAsync(route, pointer, wrong, "json.type", "an integer");
            }

            foreach (
                var wrong in (string[])
                    [
                        "2147483648",
                        "-2147483649",
                        "9007199254740993",
                        "9223372036854775808",
                        new string('9', 400),
                    ]
            )
            {
                await RefusedAsync(
                    route,
                    pointer,
                    wrong,
                    "json.range",
                    "-2147483648 to 2147483647"
                );
            }
        }

        Assert.Equal(before, await control.RowsAsync());
    }

    [Theory]
    [InlineData("POST /v1/instances", "/cpu")]
    [InlineData("PATCH /v1/instances/{idOrName}", "/memoryGib")]
    [InlineData("PUT /v1/tenants/{idOrName}/quota", "/cpu")]
    public async Task Given_a_number_of_another_kind_when_sent_then_it_is_refused(
        string route,
        string pointer
    )
    {
        await RefusedAsync(route, pointer, "\"1\"", "json.type", "a number");
        await RefusedAsync(route, pointer, new string('9', 400), "json.range", "");
    }

    [Fact]
    public async Task Given_null_for_a_required_member_then_422_and_for_an_optional_one_its_default()
    {
        foreach (var member in (string[])["instances", "cpu", "memoryGib", "storageGib"])
        {
            await RefusedAsync(
                "PUT /v1/tenants/{idOrName}/quota",
                "/" + member,
                "null",
                "json.required",
                ""
            );
            await RefusedAsync("POST /v1/tenants", "/quota/" + member, "null", "json.required", "");
        }

        await RefusedAsync("POST /v1/plan", "/resource", "null", "json.required", "");
        // A quota of which parts are missing would set those to zero.
        using var empty = Refusal.Request(
            HttpMethod.Put,
            $"/v1/tenants/{control.Tenant}/quota",
            "{}"
        );
        await Refusal.IsAsync(control.Admin, empty, 422, "json.required", "/instances");

        foreach (var action in (string[])["create", "update"])
        {
            var plan = new JsonObject
            {
                ["resource"] = "DatabaseInstance",
                ["action"] = action,
                ["id"] = action == "create" ? null : control.Instance,
                ["unknown"] = null,
                ["inputs"] = new JsonObject
                {
                    ["name"] = "planned",
                    ["engine"] = "postgresql",
                    ["cpu"] = null,
                    ["tags"] = null,
                    ["databases"] = null,
                    ["parameters"] = null,
                    ["maintenanceWindow"] = null,
                    ["deletionProtection"] = null,
                },
            };
            using var request = Refusal.Request(HttpMethod.Post, "/v1/plan", plan.ToJsonString());
            using var answer = await control.Owner.SendAsync(request, Token);
            var text = await answer.Content.ReadAsStringAsync(Token);
            Assert.True(answer.IsSuccessStatusCode, text);
            Assert.True((bool?)JsonNode.Parse(text)!["valid"], text);
        }
    }

    private async Task RefusedAsync(
        string route,
        string pointer,
        string json,
        string code,
        string allowed
    )
    {
        var (method, path) = BodyRoutes.Of(route, control);
        using var request = Refusal.Request(
            method,
            path,
            BodyRoutes.With(route, pointer, json, control)
        );
        await Refusal.IsAsync(control.ClientFor(route), request, 422, code, pointer, allowed);
    }
}
