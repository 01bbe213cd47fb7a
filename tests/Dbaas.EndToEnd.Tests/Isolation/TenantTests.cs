using System.Net;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Isolation;

/// <summary>Promise 8: what belongs to another tenant answers exactly as what does not exist.</summary>
[Collection(typeof(Alone))]
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class TenantTests(SharedPlatform shared)
{
    [Fact]
    public async Task Given_a_key_of_another_tenant_when_it_asks_for_an_instance_then_the_answer_is_that_of_one_that_does_not_exist()
    {
        var platform = await shared.RunningAsync();
        const string name = "e2e-tenants";
        using var terraform = new TerraformWorkspace(platform);
        terraform.Write(
            (new InstanceConfiguration(name) { DeletionProtection = false }).ToString()
        );
        await terraform.InitAsync();
        await terraform.ApplyAsync();
        var id = (string)(await terraform.OutputAsync("id"))!;
        using var owner = platform.Rest();
        using var stranger = platform.Rest(await KeyOfNewTenantAsync(owner));

        Assert.Empty((await stranger.GetAsync("/v1/instances"))["items"]!.AsArray());
        foreach (
            var (method, path) in (IReadOnlyList<(HttpMethod, string)>)
                [
                    (HttpMethod.Get, "/v1/instances/{0}"),
                    (HttpMethod.Delete, "/v1/instances/{0}"),
                    (HttpMethod.Get, "/v1/instances/{0}/credentials"),
                    (HttpMethod.Post, "/v1/instances/{0}/stop"),
                    (HttpMethod.Post, "/v1/instances/{0}/credentials/rotate"),
                ]
        )
        {
            var foreign = await stranger.SendAsync(method, Fill(path, id));
            var missing = await stranger.SendAsync(method, Fill(path, Twin(id)));
            Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
            Assert.Equal(missing.Status, foreign.Status);
            Assert.Equal(
                (string)JsonNode.Parse(missing.Body)!["code"]!,
                (string)JsonNode.Parse(foreign.Body)!["code"]!
            );
        }

        using var psql = new Psql(await Credentials.FetchAsync(platform, name));
        Assert.Equal("1", await psql.QueryAsync("select 1"));
        (await terraform.RunAsync("destroy", "-auto-approve", "-no-color")).Succeeded();
    }

    private static string Fill(string path, string id) =>
        path.Replace("{0}", id, StringComparison.Ordinal);

    /// <summary>A well-formed id that nobody has.</summary>
    private static string Twin(string id) =>
        id[..^4] + (id.EndsWith("0000", StringComparison.Ordinal) ? "1111" : "0000");

    private static async Task<string> KeyOfNewTenantAsync(RestClient owner)
    {
        var (status, body) = await owner.SendAsync(
            HttpMethod.Post,
            "/v1/tenants",
            new JsonObject { ["name"] = $"e2e-stranger-{Guid.NewGuid():N}"[..28] }
        );
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.OK, body);
        return Strings(JsonNode.Parse(body)!)
                // The key's public prefix begins alike and is shorter.
                .Where(text => text.StartsWith("dbk_", StringComparison.Ordinal))
                .MaxBy(text => text.Length)
            ?? throw new InvalidOperationException("The new tenant came without a key.");
    }

    private static IEnumerable<string> Strings(JsonNode node) =>
        node switch
        {
            JsonObject members => members.SelectMany(member =>
                member.Value is null ? [] : Strings(member.Value)
            ),
            JsonValue value when value.TryGetValue<string>(out var text) => [text],
            _ => [],
        };
}
