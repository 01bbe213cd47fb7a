using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Tests.Instances.Lifecycle;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances;

/// <summary>Promise 3: an interrupted create is taken over by the next run of the same tool and principal, and by nobody else.</summary>
public sealed class AdoptionTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    [Fact]
    public async Task Given_an_unacknowledged_instance_when_the_same_tool_runs_again_then_it_is_adopted_with_the_new_inputs()
    {
        var name = InstanceApi.Name();
        var id = await stepped.CreateAsync(name);
        await LeasesEndAsync(id);
        using var next = await RunAsync("run-2");
        var inputs = InstanceApi.Inputs(name);
        inputs["storageGib"] = 2;

        var adopted = await next.PostAsync("/instances", inputs, wait: 0);
        Assert.True(adopted.Status == HttpStatusCode.Accepted, adopted.ToString());
        Assert.Equal(id, adopted.Text("resourceId"));
        await stepped.RunAsync(OperationId.Parse(adopted.Text("id"), null));
        Assert.Equal(
            2,
            (await next.GetAsync($"/instances/{id}")).Body!["storageGib"]!.GetValue<int>()
        );
        Assert.Equal(
            1,
            await InstanceRemains.EventsAsync(stepped.Services, "instance.adopted", id)
        );
        Assert.Equal(
            1,
            await InstanceRemains.CountAsync(
                stepped.Services,
                "SELECT count(*) FROM instance WHERE name = $1",
                name
            )
        );
    }

    [Theory]
    [InlineData("acknowledged")]
    [InlineData("other principal")]
    [InlineData("other kind of client")]
    [InlineData("no run")]
    public async Task Given_a_taken_name_when_anything_differs_then_it_is_a_conflict_that_tells_how_to_import(
        string difference
    )
    {
        var name = InstanceApi.Name();
        var id = await stepped.CreateAsync(name);
        await LeasesEndAsync(id);

        if (difference == "acknowledged")
        {
            await stepped.Api.PostAsync($"/instances/{id}/acknowledge");
        }

        using var other = difference switch
        {
            "other principal" => await RunAsync("run-2", ofOther: true),
            "other kind of client" => await RunAsync("run-2", "cli"),
            "no run" => await RunAsync(""),
            _ => await RunAsync("run-2"),
        };
        var refused = await other.PostAsync("/instances", InstanceApi.Inputs(name), wait: 0);
        Assert.True(refused.Status == HttpStatusCode.Conflict, refused.ToString());
        Assert.Equal("instance.name_taken", refused.Text("code"));
        Assert.Contains(
            $"terraform import ADDRESS {id}",
            refused.Text("detail"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Given_a_running_create_when_adopted_and_put_then_the_put_waits_and_applies_its_inputs()
    {
        var name = InstanceApi.Name();
        var create = await stepped.Api.PostAsync("/instances", InstanceApi.Inputs(name), wait: 0);
        var id = create.Text("resourceId");
        await LeasesEndAsync(id);
        using var next = await RunAsync("run-2");
        var inputs = InstanceApi.Inputs(name);
        inputs["storageGib"] = 3;

        var adopted = await next.PostAsync("/instances", inputs, wait: 0);
        Assert.True(adopted.Status == HttpStatusCode.Accepted, adopted.ToString());
        Assert.Equal(create.Text("id"), adopted.Text("id"));
        var tag = (await next.GetAsync($"/instances/{id}")).ETag;
        var waiting = next.SendAsync(
            HttpMethod.Put,
            $"/instances/{id}",
            inputs,
            wait: 0,
            ifMatch: tag
        );
        await stepped.RunAsync(OperationId.Parse(create.Text("id"), null));

        var put = await waiting;
        Assert.True(put.Status == HttpStatusCode.Accepted, put.ToString());
        await stepped.RunAsync(OperationId.Parse(put.Text("id"), null));
        Assert.Equal(
            3,
            (await next.GetAsync($"/instances/{id}")).Body!["storageGib"]!.GetValue<int>()
        );
    }

    /// <summary>Another run; of the owner who made the instances, or of another principal of the same tenant.</summary>
    private async Task<InstanceApi> RunAsync(
        string run,
        string kind = "terraform",
        bool ofOther = false
    )
    {
        if (!ofOther)
        {
            return new InstanceApi(stepped.Control.Client(stepped.OwnerKey), run, kind);
        }

        var key = await stepped.Api.PostAsync(
            "/api-keys",
            new JsonObject
            {
                ["name"] = "k" + Guid.NewGuid().ToString("N")[..8],
                ["role"] = "operator",
            }
        );
        Assert.True(key.Status == HttpStatusCode.Created, key.ToString());
        return new InstanceApi(stepped.Control.Client(key.Text("secret")), run, kind);
    }

    /// <summary>As if the run before had been killed more than a lease ago.</summary>
    private async Task LeasesEndAsync(string id) =>
        await InstanceRemains.CountAsync(
            stepped.Services,
            "WITH gone AS (DELETE FROM run_lease WHERE resource_id = $1 RETURNING 1) SELECT count(*) FROM gone",
            id
        );
}
