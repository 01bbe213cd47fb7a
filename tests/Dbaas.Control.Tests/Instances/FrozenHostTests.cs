using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Machines.Simulated;
using Dbaas.Control.Tests.Instances.Lifecycle;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances;

/// <summary>A host that does not answer must not hold up changes of instances that need nothing of it.</summary>
public sealed class FrozenHostTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    [Fact]
    public async Task Given_a_create_that_waits_for_a_frozen_host_when_another_instance_is_changed_then_that_is_answered_first()
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        var faults = InstanceRemains.Driver(stepped.Services).Faults;
        faults.Script("Describe", SimulatedFaultMode.LoseAnswer, 10);
        var create = stepped.Api.PostAsync(
            "/instances",
            InstanceApi.Inputs(InstanceApi.Name()),
            wait: 0
        );
        // The create is at the host once it has taken the first of the scripted faults.
        await Eventually.BecomesAsync(
            () => Task.FromResult(faults.Left("Describe")),
            left => left < 10
        );

        var changed = await stepped.Api.SendAsync(
            HttpMethod.Patch,
            $"/instances/{id}",
            new JsonObject { ["tags"] = new JsonObject { ["team"] = "shop" } }
        );

        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.False(create.IsCompleted, "The change waited for the create.");
        faults.Clear();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await create).Status);
    }
}
