using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>An engine that stays down in a machine that runs is the platform's business; a blink, or an agent's silence, is not.</summary>
public sealed class EngineWatchTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(11);
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_an_engine_that_stays_down_then_the_reconciler_recovers_it()
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        var watch = new EngineWatch(stepped.Services.GetRequiredService<AgentCalls>(), _time);
        using var reconciler = ActivatorUtilities.CreateInstance<Reconciler>(
            stepped.Services,
            watch
        );
        await reconciler.ReconcileAsync(Token);
        InstanceRemains.Driver(stepped.Services).KillEngines(id);
        for (var looks = 0; looks < 3; looks++)
        {
            _time.Advance(s_look);
            await reconciler.ReconcileAsync(Token);
            Assert.Equal("available", await stepped.StatusAsync(id));
        }

        _time.Advance(s_look);
        await reconciler.ReconcileAsync(Token);
        Assert.Equal("updating", await stepped.StatusAsync(id));
        var operation = (await stepped.Api.GetAsync($"/operations?resource={id}&limit=1")).Body![
            "items"
        ]![0]!;
        var recovered = await stepped.RunAsync(
            OperationId.Parse(operation["id"]!.GetValue<string>(), null)
        );
        Assert.Equal(
            (InstanceKinds.Recover, OperationStates.Succeeded),
            (recovered.Kind, recovered.State)
        );
        await InstanceBooks.BalanceAsync(stepped, id, "an engine that was down");

        // And nothing is left of the memory that it was down.
        _time.Advance(s_look);
        await reconciler.ReconcileAsync(Token);
        Assert.Equal("available", await stepped.StatusAsync(id));
    }

    [Fact]
    public async Task Given_an_engine_that_comes_back_by_itself_then_nothing_is_done()
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        var parts = await stepped.PartsAsync(id);
        var watch = new EngineWatch(stepped.Services.GetRequiredService<AgentCalls>(), _time);
        InstanceRemains.Driver(stepped.Services).KillEngines(id);
        Assert.False(await watch.IsDownAsync(parts, Token));
        await stepped.RunAsync(HttpMethod.Post, $"/instances/{id}/restart");
        for (var looks = 0; looks < 5; looks++)
        {
            _time.Advance(s_look);
            Assert.False(await watch.IsDownAsync(parts, Token));
        }

        // A machine that does not run has an agent that does not answer: machines are looked at elsewhere.
        InstanceRemains.Driver(stepped.Services).KillMachines(id);
        for (var looks = 0; looks < 5; looks++)
        {
            _time.Advance(s_look);
            Assert.False(await watch.IsDownAsync(parts, Token));
        }
    }
}
