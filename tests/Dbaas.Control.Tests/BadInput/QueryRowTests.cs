using System.Text.Json.Nodes;

namespace Dbaas.Control.Tests.BadInput;

/// <summary>Rows 12, 22 and 23, and header rows, on every route of the OpenAPI document.</summary>
[Collection(BadInputRows.Name)]
public sealed class QueryRowTests(BadInputControl control)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly string[] s_methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    [Fact]
    public async Task Given_every_list_when_asked_with_a_bad_limit_or_cursor_then_400()
    {
        var lists = (await OperationsAsync())
            .Where(one => one.Queries.ContainsKey("limit"))
            .ToList();
        Assert.True(lists.Count >= 7);
        foreach (var (_, path, _) in lists)
        {
            var client = control.ClientFor(path);
            foreach (var limit in (string[])["0", "-1", "501", "1000000000"])
            {
                await RefusedAsync(client, $"{path}?limit={limit}", "request.limit_invalid");
            }

            foreach (var limit in (string[])["", "abc", "1.5", "99999999999", "1&limit=2", "%00"])
            {
                await RefusedAsync(client, $"{path}?limit={limit}", "request.invalid");
            }

            foreach (
                var cursor in (string[])
                    [
                        "",
                        "forged",
                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                        "%20",
                        new string('A', 600),
                    ]
            )
            {
                await RefusedAsync(client, $"{path}?cursor={cursor}", "request.cursor_invalid");
            }
        }
    }

    [Fact]
    public async Task Given_every_route_when_asked_with_a_parameter_it_does_not_have_then_400()
    {
        foreach (var (method, path, _) in await OperationsAsync())
        {
            // Names of what handlers are given besides: they are no parameters of the API.
            foreach (
                var name in (string[])
                    ["sort", "caller", "cancellationToken", "context", "idOrName", "passwordHash"]
            )
            {
                using var request = new HttpRequestMessage(
                    method,
                    $"{path}?{name}={Refusal.Canary}"
                );
                await Refusal.IsAsync(
                    control.ClientFor(path),
                    request,
                    400,
                    "request.query_unknown"
                );
            }
        }
    }

    [Fact]
    public async Task Given_every_text_parameter_when_it_holds_u0000_then_400()
    {
        foreach (var (method, path, queries) in await OperationsAsync())
        {
            foreach (var name in queries.Keys)
            {
                using var request = new HttpRequestMessage(method, $"{path}?{name}=a%00b");
                await Refusal.IsAsync(control.ClientFor(path), request, 400, "request.invalid");
            }
        }
    }

    [Theory]
    [InlineData("since=yesterday")]
    [InlineData("since=2026-01-31T12:00:00")]
    [InlineData("until=2026-01-31")]
    [InlineData("since=2026-13-01T00:00:00Z")]
    [InlineData("since=2026-01-31T23:59:60Z")]
    public async Task Given_a_time_that_is_none_or_has_no_zone_when_audit_is_filtered_then_400(
        string query
    ) => await RefusedAsync(control.Owner, $"/v1/audit-events?{query}", "audit.filter_invalid");

    [Theory]
    [InlineData("2026-01-31T12:00:00Z")]
    [InlineData("2026-01-31T12:00:00.5Z")]
    [InlineData("2026-01-31T12:00:00%2B02:00")]
    public async Task Given_a_time_with_zone_when_audit_is_filtered_then_200(string time)
    {
        using var answer = await control.Owner.GetAsync($"/v1/audit-events?since={time}", Token);
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Given_every_path_when_asked_with_another_method_then_405_and_the_right_ones()
    {
        foreach (var path in (await OperationsAsync()).GroupBy(one => one.Path))
        {
            var right = path.Select(one => one.Method.Method).ToHashSet();
            foreach (var wrong in s_methods.Except(right))
            {
                // The same path may be a name below another route.
                using var request = new HttpRequestMessage(new HttpMethod(wrong), path.Key);
                using var answer = await control.ClientFor(path.Key).SendAsync(request, Token);
                if ((int)answer.StatusCode == 405)
                {
                    Assert.Superset(right, answer.Content.Headers.Allow.ToHashSet());
                }
                else
                {
                    Assert.Contains("/hosts/", path.Key, StringComparison.Ordinal);
                }
            }
        }
    }

    [Theory]
    [InlineData("Dbaas-Run-Id")]
    [InlineData("Dbaas-Client")]
    public async Task Given_a_header_that_would_be_kept_when_it_is_too_long_then_400(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/keys");
        request.Headers.Add(name, new string('a', 101));
        await Refusal.IsAsync(control.Owner, request, 400, "request.header_invalid");
    }

    [Fact]
    public async Task Given_an_if_match_that_is_no_etag_when_changed_then_400()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Delete,
            $"/v1/instances/{control.Instance}"
        );
        request.Headers.TryAddWithoutValidation("If-Match", "7");
        await Refusal.IsAsync(control.Owner, request, 400, "request.header_invalid");
    }

    private static async Task RefusedAsync(HttpClient client, string target, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        await Refusal.IsAsync(client, request, 400, code);
    }

    /// <summary>Every operation below /v1, its path with ids that exist nowhere, and its query parameters.</summary>
    private async Task<
        List<(HttpMethod Method, string Path, Dictionary<string, string> Queries)>
    > OperationsAsync()
    {
        var document = JsonNode.Parse(
            await control.Nobody.GetStringAsync("/openapi/v1.json", Token)
        )!;
        return
        [
            .. from path in document["paths"]!.AsObject()
            where path.Key.StartsWith("/v1/", StringComparison.Ordinal)
            from operation in path.Value!.AsObject()
            select (
                new HttpMethod(operation.Key.ToUpperInvariant()),
                path.Key.TrimEnd('/')
                    .Replace("{idOrName}", "nothing", StringComparison.Ordinal)
                    .Replace("{idOrAlias}", "nothing", StringComparison.Ordinal)
                    .Replace("{id}", "nothing", StringComparison.Ordinal)
                    .Replace("{region}", "nowhere", StringComparison.Ordinal)
                    .Replace("{engine}", "postgresql", StringComparison.Ordinal)
                    .Replace("{version}", "18", StringComparison.Ordinal),
                (operation.Value!["parameters"]?.AsArray() ?? [])
                    .Where(parameter => (string?)parameter!["in"] == "query")
                    .ToDictionary(
                        parameter => (string)parameter!["name"]!,
                        parameter => parameter!["schema"]!.ToJsonString()
                    )
            ),
        ];
    }
}
