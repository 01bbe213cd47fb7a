using System.Net;
using Dbaas.EndToEnd.Tests.Harness;
using static Dbaas.EndToEnd.Tests.Keys.KeyedInstances;

namespace Dbaas.EndToEnd.Tests.Keys;

/// <summary>A database under a key that its owner makes, turns, takes away and gives back.</summary>
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class CustomerKeyTests(SharedPlatform shared)
{
    [Theory]
    [MemberData(nameof(DrawnEngine.Other), MemberType = typeof(DrawnEngine))]
    public async Task Given_a_customer_key_when_it_is_rotated_disabled_and_enabled_then_the_database_goes_on_stops_and_comes_back(
        string name
    )
    {
        var engine = EngineUnderTest.Of(name);
        var platform = await shared.RunningAsync();
        var keys = await KeyService.OfAsync(platform, Region);
        using var rest = platform.Rest();
        var key = await RegisterAsync(rest, $"e2e-key-{engine}");
        var (id, arn) = ((string)key["id"]!, (string)key["arn"]!);
        var instance = await CreateAsync(rest, engine, $"e2e-key-{engine}", id);
        using var client = engine.Connect(
            await Credentials.FetchAsync(platform, $"e2e-key-{engine}")
        );
        await client.KeepAsync();

        await keys.CallAsync("rotate-key-on-demand", arn);
        await rest.DoAsync(HttpMethod.Post, $"/v1/instances/{instance}/restart");
        Assert.True(await client.HasKeptAsync());

        await keys.CallAsync("disable-key", arn);
        var stopped = await BecomesAsync(rest, instance, "stopped");
        Assert.Contains("disabled", (string)stopped["statusReason"]!, StringComparison.Ordinal);
        Assert.NotEqual(0, (await client.TryAsync("select 1")).ExitCode);
        var (status, refusal) = await rest.SendAsync(
            HttpMethod.Post,
            "/v1/instances",
            Declared(engine, $"e2e-key-{engine}-none", id)
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("/kmsKeyId", refusal, StringComparison.Ordinal);

        await keys.CallAsync("enable-key", arn);
        var back = await BecomesAsync(rest, instance, "available");
        Assert.Null((string?)back["statusReason"]);
        Assert.True(await client.HasKeptAsync());

        await rest.DoAsync(HttpMethod.Delete, $"/v1/instances/{instance}");
        await keys.CallAsync("schedule-key-deletion", arn, "--pending-window-in-days", "7");
    }
}
