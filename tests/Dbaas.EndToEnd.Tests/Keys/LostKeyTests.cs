using Dbaas.EndToEnd.Tests.Harness;
using static Dbaas.EndToEnd.Tests.Keys.KeyedInstances;

namespace Dbaas.EndToEnd.Tests.Keys;

/// <summary>A database whose key its owner takes away otherwise than by disabling it.</summary>
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class LostKeyTests(SharedPlatform shared)
{
    [Theory]
    [MemberData(nameof(DrawnEngine.One), MemberType = typeof(DrawnEngine))]
    public async Task Given_a_customer_key_when_it_is_denied_or_to_be_deleted_then_the_database_says_why_it_stopped_and_comes_back_once_that_is_taken_back(
        string name
    )
    {
        var engine = EngineUnderTest.Of(name);
        var platform = await shared.RunningAsync();
        var keys = await KeyService.OfAsync(platform, Region);
        using var rest = platform.Rest();
        var key = await RegisterAsync(rest, $"e2e-lost-{engine}");
        var (id, arn) = ((string)key["id"]!, (string)key["arn"]!);
        var instance = await CreateAsync(rest, engine, $"e2e-lost-{engine}", id);
        using var client = engine.Connect(
            await Credentials.FetchAsync(platform, $"e2e-lost-{engine}")
        );
        await client.KeepAsync();

        await keys.PutPolicyAsync(arn, deniesControl: true);
        await StopsAsync("denied");
        await keys.PutPolicyAsync(arn, deniesControl: false);
        await ComesBackAsync();

        await keys.CallAsync("schedule-key-deletion", arn, "--pending-window-in-days", "7");
        await StopsAsync("pending deletion");
        // Taken back, a key is disabled until somebody enables it, as in AWS.
        await keys.CallAsync("cancel-key-deletion", arn);
        await keys.CallAsync("enable-key", arn);
        await ComesBackAsync();

        await rest.DoAsync(HttpMethod.Delete, $"/v1/instances/{instance}");
        await keys.CallAsync("schedule-key-deletion", arn, "--pending-window-in-days", "7");

        async Task StopsAsync(string reason)
        {
            var stopped = await BecomesAsync(rest, instance, "stopped");
            Assert.Contains(reason, (string)stopped["statusReason"]!, StringComparison.Ordinal);
            Assert.NotEqual(0, (await client.TryAsync("select 1")).ExitCode);
        }

        async Task ComesBackAsync()
        {
            Assert.Null((string?)(await BecomesAsync(rest, instance, "available"))["statusReason"]);
            Assert.True(await client.HasKeptAsync());
        }
    }
}
