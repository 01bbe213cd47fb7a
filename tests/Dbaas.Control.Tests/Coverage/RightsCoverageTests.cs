using Dbaas.Control.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Coverage;

/// <summary>No endpoint may be forgotten: each names its right or is listed here with the reason why it has none.</summary>
public sealed class RightsCoverageTests(ControlFixture fixture)
{
    /// <summary>
    /// Health for load balancers, the public document and its page with what it loads, and enrolment, which has a token of its own. Whole
    /// patterns: a route that only begins like one of these is not meant.
    /// </summary>
    private static readonly string[] s_open =
    [
        "/healthz",
        "/readyz",
        "/openapi/{documentName}.json",
        "/docs/{documentName?}",
        "/docs/favicon.svg",
        "/docs/scalar.aspnetcore.js",
        "/docs/scalar.js",
        "/v1/hosts/enrol",
    ];

    [Fact]
    public async Task Given_all_endpoints_then_each_names_a_right_or_is_open_on_purpose()
    {
        var control = await fixture.StartedAsync();
        var endpoints = control
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .ToArray();
        Assert.True(endpoints.Length > 30);
        var forgotten = endpoints
            .Where(endpoint =>
                !endpoint
                    .Metadata.OfType<IAuthorizeData>()
                    .Any(data => data.Policy?.Contains(':', StringComparison.Ordinal) == true)
            )
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/'))
            .Distinct()
            .Order(StringComparer.Ordinal);
        Assert.Equal(s_open.Order(StringComparer.Ordinal), forgotten);
    }

    [Fact]
    public async Task Given_all_rights_of_endpoints_then_some_role_has_each()
    {
        var control = await fixture.StartedAsync();
        var wanted = control
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .SelectMany(endpoint => endpoint.Metadata.OfType<IAuthorizeData>())
            .Select(data => data.Policy!)
            .ToHashSet();
        await using var transaction = await control
            .Services.GetRequiredService<Dbaas.Control.Metadata.IPlatformTransactions>()
            .BeginAsync(TestContext.Current.CancellationToken);
        await using var command = transaction.Command("SELECT DISTINCT \"right\" FROM role_right");
        await using var reader = await command.ExecuteReaderAsync(
            TestContext.Current.CancellationToken
        );
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            wanted.Remove(reader.GetString(0));
        }

        Assert.Empty(wanted);
    }
}
