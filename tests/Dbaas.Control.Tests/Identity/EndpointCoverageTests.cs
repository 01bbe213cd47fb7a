using Dbaas.Control.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Identity;

/// <summary>No endpoint may be forgotten: each names its right or is listed here with the reason why it has none.</summary>
public sealed class EndpointCoverageTests(ControlFixture fixture)
{
    /// <summary>Health for load balancers, the public document and its page, and enrolment, which has a token of its own.</summary>
    private static readonly string[] s_open =
    [
        "/healthz",
        "/readyz",
        "/openapi/{documentName}.json",
        "/docs",
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
        Assert.True(endpoints.Length > 15);
        var forgotten = endpoints
            .Where(endpoint =>
                !s_open.Any(open =>
                    endpoint.RoutePattern.RawText?.StartsWith(open, StringComparison.Ordinal)
                    == true
                )
                && !endpoint
                    .Metadata.OfType<IAuthorizeData>()
                    .Any(data => data.Policy?.Contains(':', StringComparison.Ordinal) == true)
            )
            .Select(endpoint => endpoint.DisplayName);
        Assert.Empty(forgotten);
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
