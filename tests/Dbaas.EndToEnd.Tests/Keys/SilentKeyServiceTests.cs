using System.Net;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;
using static Dbaas.EndToEnd.Tests.Keys.KeyedInstances;

namespace Dbaas.EndToEnd.Tests.Keys;

/// <summary>A key service that does not answer: what serves goes on, what begins waits.</summary>
[Collection(typeof(Alone))]
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class SilentKeyServiceTests(SharedPlatform shared)
{
    [Fact]
    public async Task Given_a_silent_key_service_when_databases_serve_and_one_is_created_then_those_go_on_and_this_one_waits()
    {
        var engine = EngineUnderTest.Of("postgresql");
        var platform = await shared.RunningAsync();
        var keys = await KeyService.OfAsync(platform, Region);
        using var rest = platform.Rest();
        var serving = await CreateAsync(rest, engine, "e2e-key-serving", null);
        using var client = engine.Connect(
            await Credentials.FetchAsync(platform, "e2e-key-serving")
        );
        await client.KeepAsync();
        string accepted;
        using (await keys.FrozenAsync())
        {
            (var status, accepted) = await rest.SendAsync(
                HttpMethod.Post,
                "/v1/instances",
                Declared(engine, "e2e-key-waiting", null)
            );
            Assert.True(status == HttpStatusCode.Accepted, accepted);
            var id = (string)JsonNode.Parse(accepted)!["id"]!;
            var waiting = await rest.GetAsync($"/v1/operations/{id}?wait=10");
            Assert.Equal("running", (string)waiting["state"]!);
            Assert.True(await client.HasKeptAsync());
        }

        var created = await rest.SucceedAsync(accepted);

        await rest.DoAsync(HttpMethod.Delete, $"/v1/instances/{(string)created["resourceId"]!}");
        await rest.DoAsync(HttpMethod.Delete, $"/v1/instances/{serving}");
    }
}
