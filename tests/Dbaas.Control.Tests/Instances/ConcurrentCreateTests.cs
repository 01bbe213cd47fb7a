using System.Net;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances;

/// <summary>Many creates of one tenant at once, each sent several times: that alone is no conflict, and makes each instance once.</summary>
public sealed class ConcurrentCreateTests(ControlFixture control)
{
    private const int Instances = 8;
    private const int Repeats = 4;

    [Fact]
    public async Task Given_many_creates_at_once_when_each_is_repeated_then_nobody_hears_of_a_conflict()
    {
        using var api = new InstanceApi(await control.ReadyTenantAsync(), "run-1");
        var names = Enumerable.Range(0, Instances).Select(_ => InstanceApi.Name()).ToList();

        var answers = (
            await Task.WhenAll(names.Select(name => Task.WhenAll(Sent(api, name))))
        ).SelectMany(each => each);

        // The first request with a key is still being answered: that is what a client repeats its request for.
        Assert.All(
            answers,
            answer =>
                Assert.True(
                    answer.Status is HttpStatusCode.Accepted or HttpStatusCode.Created
                        || answer.Text("code") == "idempotency.in_progress",
                    answer.ToString()
                )
        );
        var there = (await api.GetAsync("/instances")).Body!["items"]!.AsArray();
        Assert.Equal(names.Order(), there.Select(one => (string)one!["name"]!).Order());
    }

    /// <summary>As a provider whose answers get lost: with the same key, and with new ones while the operation goes on.</summary>
    private static IEnumerable<Task<Answer>> Sent(InstanceApi api, string name)
    {
        var key = Guid.NewGuid().ToString("N");
        return Enumerable
            .Range(0, Repeats)
            .Select(async i =>
            {
                Answer answer = null!;
                for (var turn = 0; turn < Repeats; turn++)
                {
                    answer = await api.SendAsync(
                        HttpMethod.Post,
                        "/instances",
                        InstanceApi.Inputs(name),
                        wait: 0,
                        idempotencyKey: i < 2 ? key : Guid.NewGuid().ToString("N")
                    );
                    if (
                        (int)answer.Status >= 400
                        && answer.Text("code") != "idempotency.in_progress"
                    )
                    {
                        break;
                    }
                }

                return answer;
            });
    }
}
