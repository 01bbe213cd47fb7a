using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Instances.Lifecycle;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Http;

/// <summary>A client whose connection breaks while it waits repeats its request with the same key, and finds what it began.</summary>
public sealed class HungUpIdempotencyTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_a_client_that_hangs_up_while_it_waits_when_it_repeats_then_nothing_is_done_twice()
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        using var client = stepped.Control.Client(stepped.OwnerKey);
        using (var hangsUp = CancellationTokenSource.CreateLinkedTokenSource(Token))
        {
            hangsUp.CancelAfter(TimeSpan.FromSeconds(2));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                RestartAsync(client, id, hangsUp.Token)
            );
        }

        var begun = Assert.Single(await RestartsAsync(id));
        var ended = await stepped.RunAsync(OperationId.Parse(begun, null));
        Assert.Equal(OperationStates.Succeeded, ended.State);

        // The first request is still being answered for a moment, to nobody.
        HttpResponseMessage again;
        var until = DateTime.UtcNow + s_deadline;
        do
        {
            again = await RestartAsync(client, id, Token);
        } while (again.StatusCode == HttpStatusCode.Conflict && DateTime.UtcNow < until);

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal([begun], await RestartsAsync(id));
    }

    [Fact]
    public async Task Given_a_refusal_that_says_when_to_come_again_then_its_key_is_free_for_it()
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        using var client = stepped.Control.Client(stepped.OwnerKey);
        var stop = await stepped.BeginAsync(HttpMethod.Post, $"/instances/{id}/stop");
        var busy = await RestartAsync(client, id, Token);
        Assert.Equal(HttpStatusCode.Conflict, busy.StatusCode);
        Assert.NotNull(busy.Headers.RetryAfter);

        await stepped.RunAsync(stop);
        var after = await RestartAsync(client, id, Token);

        Assert.Equal(HttpStatusCode.Conflict, after.StatusCode);
        Assert.Equal("instance.status_wrong", await CodeAsync(after));
    }

    private static Task<HttpResponseMessage> RestartAsync(
        HttpClient client,
        string id,
        CancellationToken cancellationToken
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/instances/{id}/restart");
        request.Headers.Add("Idempotency-Key", $"restart-{id}");
        request.Headers.Add("Prefer", "wait=60");
        return client.SendAsync(request, cancellationToken);
    }

    private static async Task<string> CodeAsync(HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!["code"]!.GetValue<string>();

    private async Task<IReadOnlyList<string>> RestartsAsync(string id) =>
        [
            .. (await stepped.Api.GetAsync($"/operations?resource={id}")).Body!["items"]!
                .AsArray()
                .Where(one => one!["kind"]!.GetValue<string>() == "instance.restart")
                .Select(one => one!["id"]!.GetValue<string>()),
        ];
}
