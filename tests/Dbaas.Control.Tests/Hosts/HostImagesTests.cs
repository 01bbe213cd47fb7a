using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Hosts;

/// <summary>An administrator makes a newer minor available. With a service of its own, because the newest image is everybody's.</summary>
public sealed class HostImagesTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_a_repository_with_a_newer_minor_when_refreshed_then_new_instances_start_from_it()
    {
        await using var control = await RunningControl.StartAsync(await postgres.ServerAsync());
        using var admin = control.Client(control.AdminKey);
        InstanceRemains.Driver(control.Services).RepositoryMinor = 7;

        var answer = await admin.PostAsJsonAsync(
            "/v1/hosts/images/refresh",
            new { engine = "postgresql", version = "17" },
            Token
        );
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var operation = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))![
            "id"
        ]!.GetValue<string>();
        await Eventually.BecomesAsync(
            async () => await admin.GetStringAsync($"/v1/operations/{operation}", Token),
            text => text.Contains("\"succeeded\"", StringComparison.Ordinal)
        );

        var image = Assert.Single(
            JsonNode.Parse(await admin.GetStringAsync("/v1/hosts/images", Token))![
                "items"
            ]!.AsArray(),
            one => one!["version"]!.GetValue<string>() == "17"
        )!;
        Assert.Equal("17.7", image["engineVersion"]!.GetValue<string>());
        Assert.True(image["newest"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("oracle", "18", "/engine")]
    [InlineData("postgresql", "9", "/version")]
    public async Task Given_what_there_is_no_recipe_for_when_refreshed_then_it_is_refused_on_its_field(
        string engine,
        string version,
        string pointer
    )
    {
        await using var control = await RunningControl.StartAsync(await postgres.ServerAsync());
        using var admin = control.Client(control.AdminKey);
        var answer = await admin.PostAsJsonAsync(
            "/v1/hosts/images/refresh",
            new { engine, version },
            Token
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(
            pointer,
            await answer.Content.ReadAsStringAsync(Token),
            StringComparison.Ordinal
        );
    }
}
