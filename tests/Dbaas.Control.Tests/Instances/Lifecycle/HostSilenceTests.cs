using Dbaas.Control.Audit;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Machines.Simulated;
using Dbaas.Control.Metadata;
using Dbaas.Control.Tests.Support;
using Dbaas.Protocol.Agent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>A host that does not answer: the instance says since when its state is unknown, and nothing is done behind its back.</summary>
public sealed class HostSilenceTests(SteppedControl stepped)
    : IClassFixture<SteppedControl>,
        IDisposable
{
    private readonly FakeTimeProvider _time = new(
        new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero)
    );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SimulatedFaults Faults => InstanceRemains.Driver(stepped.Services).Faults;

    [Fact]
    public async Task Given_a_silent_host_then_the_instance_says_since_when_once_and_takes_it_back_when_it_answers()
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        using var reconciler = ActivatorUtilities.CreateInstance<Reconciler>(
            stepped.Services,
            new HostSilence(
                stepped.Services.GetRequiredService<IPlatformTransactions>(),
                stepped.Services.GetRequiredService<IEventWriter>(),
                _time
            )
        );
        Faults.Script("ObserveMachine", SimulatedFaultMode.FailBefore, 1_000);

        await reconciler.ReconcileAsync(Token);
        Assert.Null(await stepped.ReasonAsync(id)); // a daemon that restarts is no news
        for (var turn = 0; turn < 4; turn++)
        {
            _time.Advance(HostSilence.Patience);
            await reconciler.ReconcileAsync(Token);
            Assert.Equal(
                "The host has not answered since 2026-01-01T08:00:00Z; what the database does is unknown until it does.",
                await stepped.ReasonAsync(id)
            );
        }

        Assert.Equal("available", await stepped.StatusAsync(id));
        Assert.Equal(1, await EventsAsync("instance.host_silent", id));

        Faults.Clear();
        await reconciler.ReconcileAsync(Token);
        Assert.Null(await stepped.ReasonAsync(id));
        Assert.Equal(1, await EventsAsync("instance.host_answers", id));
        Assert.Equal("available", await stepped.StatusAsync(id));
    }

    [Fact]
    public async Task Given_a_full_volume_when_its_host_falls_silent_then_the_status_tells_both_and_afterwards_what_still_is_so()
    {
        const string full = "Less than 5 % of the volume is free.";
        var id = await stepped.CreateAsync(InstanceApi.Name());
        var conditions = stepped.Services.GetRequiredService<InstanceConditions>();
        var silence = new HostSilence(
            stepped.Services.GetRequiredService<IPlatformTransactions>(),
            stepped.Services.GetRequiredService<IEventWriter>(),
            _time
        );
        await TellAsync(full);
        Assert.Equal(full, await stepped.ReasonAsync(id));
        var host = (await stepped.PartsAsync(id)).Machines.Single().HostId;

        await Assert.ThrowsAsync<Dbaas.Control.Machines.MachineDriverException>(() =>
            silence.WatchAsync<int>(
                host,
                () =>
                    throw new Dbaas.Control.Machines.MachineDriverException(
                        "host.unreachable",
                        "away",
                        retryable: true
                    )
            )
        );
        _time.Advance(HostSilence.Patience);
        await silence.TellAsync(await stepped.PartsAsync(id), Token);
        const string silent =
            "The host has not answered since 2026-01-01T08:00:00Z; what the database does is unknown until it does.";
        Assert.Equal($"{silent} Last known: {full}", await stepped.ReasonAsync(id));

        // A word of the agent that was still under way changes only its own part.
        await TellAsync("The volume is full.");
        Assert.Equal($"{silent} Last known: The volume is full.", await stepped.ReasonAsync(id));

        await silence.WatchAsync(host, () => Task.FromResult(0));
        await silence.TellAsync(await stepped.PartsAsync(id), Token);
        Assert.Equal("The volume is full.", await stepped.ReasonAsync(id));
        await TellAsync("");
        Assert.Null(await stepped.ReasonAsync(id));

        async Task TellAsync(string failure) =>
            await conditions.TellAsync(
                (await stepped.PartsAsync(id)).Instance,
                new()
                {
                    AgentVersion = "1",
                    Engine = "running",
                    Failure = failure,
                    FailureCode = failure.Length > 0 ? AgentFailures.VolumeFull : "",
                    FailureSince =
                        failure.Length > 0 ? _time.Start.AddSeconds(-failure.Length) : null,
                },
                kills: 0,
                Token
            );
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("The host has not answered since noon.", "")]
    [InlineData("", "The volume is full.")]
    [InlineData("The host has not answered since noon.", "The volume is full.")]
    public void Given_what_two_have_to_say_when_it_is_written_and_read_then_each_finds_its_own(
        string silence,
        string known
    ) =>
        Assert.Equal(
            new StatusWords(silence, known),
            StatusWords.Of(new StatusWords(silence, known).ToString())
        );

    [Fact]
    public async Task Given_many_instances_when_their_parts_are_read_at_once_then_they_are_those_read_one_by_one()
    {
        string[] ids =
        [
            await stepped.CreateAsync(InstanceApi.Name()),
            await stepped.CreateAsync(InstanceApi.Name()),
        ];
        await using var transaction = await stepped
            .Services.GetRequiredService<IPlatformTransactions>()
            .BeginAsync(Token);
        var wanted = ids.Select(id => InstanceId.Parse(id, null)).ToArray();
        var rows = await transaction
            .Db.Set<InstanceRow>()
            .AsNoTracking()
            .Where(row => wanted.Contains(row.InstanceId))
            .ToListAsync(Token);
        var many = await InstanceStore.PartsAsync(transaction, rows, Token);
        Assert.Equal(2, many.Count);
        foreach (var parts in many)
        {
            var one = await InstanceStore.PartsAsync(transaction, parts.Instance, Token);
            Assert.Equal(InstanceJsonOf(one), InstanceJsonOf(parts));
        }
    }

    public void Dispose() => Faults.Clear();

    private static string InstanceJsonOf(InstanceParts parts) =>
        System.Text.Json.JsonSerializer.Serialize(
            parts.ToState(),
            Dbaas.Control.Instances.InstanceJson.Default.InstanceState
        );

    private Task<long> EventsAsync(string kind, string id) =>
        InstanceRemains.EventsAsync(stepped.Services, kind, id);
}
