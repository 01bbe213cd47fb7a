using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances;

/// <summary>Pages of instances: what a tool that looks at hundreds of them at once builds on.</summary>
public sealed class InstancePageTests(ControlFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_several_instances_when_listed_then_each_looks_as_when_it_is_read_alone()
    {
        using var mine = new InstanceApi(await fixture.ReadyTenantAsync(), "run-1");
        using var theirs = new InstanceApi(await fixture.ReadyTenantAsync(), "run-2");
        var names = Enumerable.Range(0, 4).Select(_ => InstanceApi.Name()).Order().ToList();
        var ids = await Task.WhenAll(names.Select(mine.CreateAsync));
        var foreign = await theirs.CreateAsync(InstanceApi.Name());
        await mine.PostAsync($"/instances/{ids[1]}/stop");
        await mine.SendAsync(
            HttpMethod.Patch,
            $"/instances/{ids[2]}",
            new JsonObject { ["tags"] = new JsonObject { ["team"] = "a" } }
        );

        var page = (await mine.GetAsync("/instances?limit=500")).Body!;

        Assert.Null(page["nextCursor"]);
        var items = page["items"]!.AsArray();
        Assert.Equal(ids, items.Select(item => (string)item!["id"]!));
        Assert.DoesNotContain(foreign, page.ToJsonString(), StringComparison.Ordinal);
        foreach (var item in items)
        {
            var alone = (await mine.GetAsync($"/instances/{item!["id"]}")).Body!.AsObject();
            Assert.NotEmpty(item["members"]!.AsArray());
            // Grows with every second between the two.
            Assert.True(alone.Remove("costSoFar") && item.AsObject().Remove("costSoFar"));
            Assert.True(JsonNode.DeepEquals(alone, item), $"{alone}\n{item}");
        }
    }

    [Fact]
    public async Task Given_pages_of_two_when_followed_by_their_cursors_then_every_instance_comes_once()
    {
        using var api = new InstanceApi(await fixture.ReadyTenantAsync(), "run-1");
        var names = Enumerable.Range(0, 5).Select(_ => InstanceApi.Name()).ToList();
        await Task.WhenAll(names.Select(api.CreateAsync));
        List<string> seen = [];
        var path = "/instances?limit=2";
        for (var pages = 1; ; pages++)
        {
            var page = (await api.GetAsync(path)).Body!;
            seen.AddRange(page["items"]!.AsArray().Select(item => (string)item!["name"]!));
            if ((string?)page["nextCursor"] is not { } cursor)
            {
                Assert.Equal(3, pages);
                break;
            }

            path = $"/instances?limit=2&cursor={cursor}";
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), seen);
    }

    [Theory]
    [InlineData(500, HttpStatusCode.OK)]
    [InlineData(501, HttpStatusCode.BadRequest)]
    public async Task Given_the_largest_page_and_one_more_then_only_the_second_is_refused(
        int limit,
        HttpStatusCode expected
    )
    {
        var (owner, _, _) = await fixture.TenantAsync();
        using var api = new InstanceApi(owner);
        var answer = await api.GetAsync($"/instances?limit={limit}");
        Assert.Equal(expected, answer.Status);
        if (expected != HttpStatusCode.OK)
        {
            Assert.Equal("request.limit_invalid", answer.Text("code"));
        }
    }

    [Fact]
    public async Task Given_a_description_of_the_interface_then_it_says_how_large_a_page_may_be()
    {
        var control = await fixture.StartedAsync();
        using var anyone = control.Client(null);
        var document = JsonNode.Parse(await anyone.GetStringAsync("/openapi/v1.json", Token))!;
        var limit = document["paths"]!["/v1/instances"]!["get"]!["parameters"]!
            .AsArray()
            .Single(parameter => (string)parameter!["name"]! == "limit")!;
        Assert.Equal(
            (1, 500),
            ((int)limit["schema"]!["minimum"]!, (int)limit["schema"]!["maximum"]!)
        );
    }
}
