using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json.Nodes;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>Requests of yesterday are sent again, by their sender and by a stranger; the host daemon is called by nobody it knows.</summary>
internal sealed class Replayed : Fault
{
    private string before = "";

    public override string Name => "requests replayed, by strangers too";
    public override int Row => 37;
    public override string PassLine =>
        "the first answer again, 404 or 409; no effect; the refusals are in the audit trail";
    public override TimeSpan? GapLimit => TimeSpan.FromSeconds(0.5);

    public override async Task InjectAsync(Scene scene)
    {
        var name = $"f-replay-{scene.Chance.Next(100_000)}";
        var key = Guid.NewGuid().ToString("N");
        var create = Body(scene, name);
        var first = await SendAsync(scene, HttpMethod.Post, "/v1/instances", create, key);
        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        await scene.Instances.SucceedsAsync((string)JsonNode.Parse(first.Body)!["id"]!);
        await scene.Instances.DeleteAsync(name);
        before = await StateAsync(scene);

        // The sender's own: the answer of then, and nothing is made.
        var again = await SendAsync(scene, HttpMethod.Post, "/v1/instances", create, key);
        Assert.Equal(HttpStatusCode.Accepted, again.Status);
        Assert.Equal(
            (string)JsonNode.Parse(first.Body)!["id"]!,
            (string)JsonNode.Parse(again.Body)!["id"]!
        );
        // With another body it is no replay.
        create["cpu"] = 2;
        var other = await SendAsync(scene, HttpMethod.Post, "/v1/instances", create, key);
        Assert.Equal(HttpStatusCode.Conflict, other.Status);

        // A stranger's, against the victim: all that he could have recorded.
        var stranger = await KeyOfNewTenantAsync(scene);
        foreach (
            var (method, path) in (IReadOnlyList<(HttpMethod, string)>)
                [
                    (HttpMethod.Delete, $"/v1/instances/{scene.Victim.Id}"),
                    (HttpMethod.Post, $"/v1/instances/{scene.Victim.Id}/stop"),
                    (HttpMethod.Post, $"/v1/instances/{scene.Victim.Id}/credentials/rotate"),
                ]
        )
        {
            var refused = await SendAsync(
                scene,
                method,
                path,
                null,
                Guid.NewGuid().ToString("N"),
                stranger
            );
            Assert.Equal(HttpStatusCode.NotFound, refused.Status);
        }

        await StrangerAtTheHostAsync(scene);
    }

    public override async Task<IReadOnlyList<Measure>> ProveAsync(Scene scene)
    {
        Assert.Equal(before, await StateAsync(scene));
        return [];
    }

    /// <summary>Names of all instances and what was begun with the victim: a replay that worked would show in either.</summary>
    private static async Task<string> StateAsync(Scene scene)
    {
        var all = (await scene.Instances.ReadAsync("/v1/instances?limit=100"))["items"]!.AsArray();
        var names = string.Join(
            ' ',
            all.Select(item => (string)item!["name"]!).Order(StringComparer.Ordinal)
        );
        var operations = string.Join(
            ' ',
            (await scene.Instances.ReadAsync($"/v1/operations?resource={scene.Victim.Id}&limit=5"))[
                "items"
            ]!
                .AsArray()
                .Select(item => (string)item!["id"]!)
        );
        return $"{names}; {operations}";
    }

    /// <summary>Whoever has no certificate of the installation's own gets no further than the handshake.</summary>
    private static async Task StrangerAtTheHostAsync(Scene scene)
    {
        var listen = (
            (string)scene.Platform.ReadJson($"config/host-{Database.Region}.json")["listen"]!
        ).Split(':');
        using var client = new TcpClient();
        await client.ConnectAsync(
            listen[0],
            int.Parse(listen[1], System.Globalization.CultureInfo.InvariantCulture),
            Scene.Cancelled
        );
        await using var stream = new SslStream(
            client.GetStream(),
            leaveInnerStreamOpen: false,
#pragma warning disable CA5359 // this side has nothing to protect; whether the other lets it in is the question
            (_, _, _, _) => true
#pragma warning restore CA5359
        );
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = listen[0],
                EnabledSslProtocols = SslProtocols.Tls13,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
            },
            Scene.Cancelled
        );
        // In TLS 1.3 the server judges the client after the client's side is done: the end comes with the first read.
        var answer = await Record.ExceptionAsync(async () =>
        {
            var read = await stream.ReadAsync(new byte[1], Scene.Cancelled);
            Assert.Equal(0, read);
        });
        Assert.True(answer is null or IOException, answer?.ToString());
    }

    private static JsonObject Body(Scene scene, string name) =>
        new()
        {
            ["name"] = name,
            ["engine"] = scene.Victim.Engine.Engine,
            ["engineVersion"] = scene.Victim.Engine.Version,
            ["region"] = Database.Region,
            ["cpu"] = 1,
            ["memoryGib"] = scene.Victim.Engine.MemoryGib,
            ["storageGib"] = 1,
            ["allowedCidrs"] = new JsonArray("127.0.0.0/8"),
            ["databases"] = new JsonArray("app"),
            ["deletionProtection"] = false,
        };

    private static async Task<string> KeyOfNewTenantAsync(Scene scene)
    {
        var tenant = $"f-stranger-{Guid.NewGuid():N}"[..24];
        var (status, body) = await scene.Rest.SendAsync(
            HttpMethod.Post,
            "/v1/tenants",
            new JsonObject { ["name"] = tenant }
        );
        Assert.True((int)status is 200 or 201, body);
        return System
            .Text.RegularExpressions.Regex.Matches(body, "dbk_[A-Za-z0-9_-]+")
            .Select(match => match.Value)
            .MaxBy(text => text.Length)!;
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(
        Scene scene,
        HttpMethod method,
        string path,
        JsonObject? body,
        string key,
        string? apiKey = null
    )
    {
        using var rest = scene.Platform.Rest(apiKey);
        return await rest.SendAsync(method, path, body, idempotencyKey: key);
    }
}
