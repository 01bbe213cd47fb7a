using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Coverage;

/// <summary>The OpenAPI document names every route and everything a route can answer; clients and generated tests believe it.</summary>
public sealed class OpenApiCoverageTests(ControlFixture fixture)
{
    [Fact]
    public async Task Given_all_endpoints_then_each_is_in_the_document_under_its_name()
    {
        var control = await fixture.StartedAsync();
        var documented = (await PathsAsync())
            .SelectMany(path => path.Value!.AsObject().Select(method => (path.Key, method)))
            .Select(one =>
                $"{one.method.Key.ToUpperInvariant()} {one.Key} {one.method.Value!["operationId"]}"
            )
            .Where(line => line.Contains(" /v1/", StringComparison.Ordinal));
        var served = ApiEndpoint
            .Of(control.Services)
            .Select(endpoint => $"{endpoint.Method} {endpoint.Pattern} {endpoint.Name}");

        Assert.Equal(served.Order(), documented.Order());
    }

    [Fact]
    public async Task Given_a_route_then_its_document_lists_every_refusal_the_pipeline_can_answer()
    {
        var control = await fixture.StartedAsync();
        var paths = await PathsAsync();
        var incomplete = new List<string>();
        foreach (var endpoint in ApiEndpoint.Of(control.Services))
        {
            var operation = paths[endpoint.Pattern]![endpoint.Method.ToLowerInvariant()]!;
            var listed = operation["responses"]!.AsObject().Select(one => one.Key).ToHashSet();
            // What each route can answer whatever it does: malformed, not acceptable, too many, a fault, a part that is away.
            var wanted = new List<string> { "400", "406", "429", "500", "503" };
            if (endpoint.NeedsRight)
            {
                // The tenant named in a header may be none of the caller's.
                wanted.AddRange(["401", "403", "404"]);
            }

            if (operation["requestBody"] is not null)
            {
                wanted.AddRange(["413", "415", "422"]);
            }

            if (endpoint.Method is not "GET")
            {
                // The same Idempotency-Key with another request.
                wanted.Add("409");
            }

            incomplete.AddRange(
                wanted.Except(listed).Select(status => $"{endpoint.Name} lacks {status}")
            );
            incomplete.AddRange(
                operation["responses"]!
                    .AsObject()
                    .Where(one =>
                        one.Key[0] is '4' or '5'
                        && (string?)
                            one.Value!["content"]?["application/problem+json"]?["schema"]?["$ref"]
                            != "#/components/schemas/ProblemBody"
                    )
                    .Select(one => $"{endpoint.Name} {one.Key} is no problem")
            );
            if (listed.Contains("default"))
            {
                incomplete.Add($"{endpoint.Name} says anything may come");
            }
        }

        Assert.Empty(incomplete);
    }

    [Fact]
    public async Task Given_a_route_that_honours_if_match_then_its_document_lists_the_header_and_412()
    {
        await fixture.StartedAsync();
        var operations = (await PathsAsync())
            .SelectMany(path => path.Value!.AsObject())
            .Select(method => method.Value!)
            .ToArray();
        var conditional = operations.Where(TakesIfMatch).ToArray();

        Assert.Equal(7, conditional.Length);
        Assert.All(conditional, operation => Assert.NotNull(operation["responses"]!["412"]));
        Assert.All(
            operations.Except(conditional),
            operation => Assert.Null(operation["responses"]!["412"])
        );
    }

    private static bool TakesIfMatch(JsonNode operation) =>
        operation["parameters"]?.AsArray().Any(one => (string?)one!["name"] == "If-Match") == true;

    private async Task<JsonObject> PathsAsync()
    {
        using var client = (await fixture.StartedAsync()).Client(null);
        var text = await client.GetStringAsync(
            "/openapi/v1.json",
            TestContext.Current.CancellationToken
        );
        return JsonNode.Parse(text)!["paths"]!.AsObject();
    }
}
