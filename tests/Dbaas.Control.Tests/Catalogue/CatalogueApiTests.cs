using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Catalogue;

/// <summary>What can be had, as a tenant sees it.</summary>
public sealed class CatalogueApiTests(ControlFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_a_region_with_a_host_then_it_is_available_with_room()
    {
        var (owner, _, _) = await fixture.TenantAsync();
        var regions = JsonNode.Parse(await owner.GetStringAsync("/v1/regions", Token))![
            "regions"
        ]!.AsArray();
        var region = Assert.Single(regions)!;
        Assert.Equal(RunningControl.Region, region["name"]!.GetValue<string>());
        Assert.True(region["available"]!.GetValue<bool>());
        Assert.True(region["freeMemoryGib"]!.GetValue<double>() > 1);
        Assert.True(region["freeStorageGib"]!.GetValue<double>() > 1);
    }

    [Fact]
    public async Task Given_an_engine_then_its_parameters_say_type_bounds_restart_and_who_keeps_them()
    {
        var (owner, _, _) = await fixture.TenantAsync();
        var versions = JsonNode.Parse(
            await owner.GetStringAsync("/v1/engines?engine=postgresql", Token)
        )!["versions"]!.AsArray();
        var version = versions.Single(one => one!["isDefault"]!.GetValue<bool>())![
            "version"
        ]!.GetValue<string>();

        var answer = JsonNode.Parse(
            await owner.GetStringAsync(
                $"/v1/engines/postgresql/versions/{version}/parameters",
                Token
            )
        )!;

        Assert.Equal(version, answer["version"]!.GetValue<string>());
        var parameters = answer["parameters"]!
            .AsArray()
            .ToDictionary(one => one!["name"]!.GetValue<string>(), one => one!);
        Assert.True(parameters["max_connections"]["restartRequired"]!.GetValue<bool>());
        Assert.Equal("integer", parameters["max_connections"]["type"]!.GetValue<string>());
        Assert.False(parameters["work_mem"]["restartRequired"]!.GetValue<bool>());
        var managed = parameters.Values.Where(one => one["managed"]!.GetValue<bool>()).ToList();
        Assert.NotEmpty(managed);
        Assert.All(managed, one => Assert.NotEmpty(one["managedReason"]!.GetValue<string>()));
        Assert.Equal(parameters.Keys.Order(StringComparer.Ordinal), parameters.Keys);
    }

    [Theory]
    [InlineData("/v1/engines?engine=oracle")]
    [InlineData("/v1/engines/oracle/versions/1/parameters")]
    [InlineData("/v1/engines/postgresql/versions/1/parameters")]
    public async Task Given_an_engine_or_version_that_is_none_then_404(string path)
    {
        var (owner, _, _) = await fixture.TenantAsync();
        var answer = await owner.GetAsync(path, Token);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!;
        Assert.Equal("engine.not_found", problem["code"]!.GetValue<string>());
    }
}
