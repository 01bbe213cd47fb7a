using System.Text.Json.Nodes;
using Dbaas.Client.Profiles;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Tests.Fakes;
using Dbaas.Schema;
using Microsoft.Extensions.Time.Testing;

namespace Dbaas.Provider.Tests.Connection;

/// <summary>How many requests a refresh costs, and that none of them lets something look gone or unchanged that is not.</summary>
public sealed class ReadAheadTests : IAsyncLifetime
{
    private const string Collection = "/v1/instances";
    private static readonly ResourceSchema Instances = PackageSchema.Embedded.Resources.Single(
        resource => resource.Collection == Collection
    );
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly List<string> ids = [];
    private FakeControl control = null!;
    private ResourceClient client = null!;
    private ReadAhead reads = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Lists => control.Requests.Count(request => request.Contains('?'));

    private int Singles => control.Requests.Count - Lists;

    public async ValueTask InitializeAsync()
    {
        control = await FakeControl.StartAsync();
        var version = new ServiceVersion("0.1.0");
        var settings = ProviderSettings.Combine(
            new Dictionary<string, string>
            {
                ["endpoint"] = control.Endpoint,
                ["apiKey"] = FakeControl.ApiKey,
                ["caFile"] = control.CaFile,
            },
            new Profile()
        );
        client = new ResourceClient(
            ControlConnection.Open(
                settings,
                "run_test",
                HostTool.Terraform,
                trust: null!, // the service has an authority of its own
                version,
                TimeProvider.System
            ),
            settings,
            HostTool.Terraform,
            version,
            TimeProvider.System
        );
        reads = new ReadAhead(client, time, Token);
    }

    public ValueTask DisposeAsync() => control.DisposeAsync();

    [Fact]
    public async Task Given_a_thousand_when_a_tool_reads_ten_at_once_then_two_pages_and_a_handful_answer_all()
    {
        Add(1_000);

        await ReadAllAsync(ids, atOnce: 10);

        Assert.Equal(2, Lists);
        Assert.InRange(Singles, 0, ListSweep.AtOnce);
    }

    [Fact]
    public async Task Given_a_thousand_when_a_tool_reads_one_after_the_other_then_pages_answer_them_as_well()
    {
        Add(1_000);

        await ReadAllAsync(ids, atOnce: 1);

        Assert.Equal(2, Lists);
        Assert.InRange(Singles, 0, 2 * ListSweep.InAll);
    }

    [Fact]
    public async Task Given_few_reads_then_each_asks_for_its_own()
    {
        Add(3);

        await ReadAllAsync(ids, atOnce: 3);

        Assert.Equal((0, 3), (Lists, Singles));
    }

    [Fact]
    public async Task Given_most_instances_are_somebody_elses_then_pages_do_not_outnumber_the_reads()
    {
        Add(6_000);
        var mine = ids.Where((_, index) => index % 300 == 0).ToList();

        await ReadAllAsync(mine, atOnce: 10);

        Assert.InRange(Lists, 1, 1 + mine.Count / 8);
        Assert.InRange(Singles, 0, mine.Count);
    }

    [Fact]
    public async Task Given_one_that_is_gone_then_only_a_request_for_it_says_so()
    {
        Add(50);
        control.Instances.TryRemove(ids[30], out _);

        var found = await ReadAllAsync(ids, atOnce: 10, insist: false);

        Assert.Null(found[ids[30]]);
        Assert.Equal(49, found.Values.Count(view => view is not null));
        Assert.Contains($"GET {Collection}/{ids[30]}", control.Requests);
    }

    [Fact]
    public async Task Given_one_made_after_its_page_was_read_then_it_is_found_all_the_same()
    {
        Add(50);
        await ReadAllAsync(ids, atOnce: 10);
        var late = Add(1);

        Assert.NotNull(await reads.FindAsync(Instances, late, Token));
    }

    [Fact]
    public async Task Given_a_resource_is_read_twice_then_the_second_read_asks_anew()
    {
        Add(50);
        await ReadAllAsync(ids, atOnce: 10);
        foreach (var id in ids)
        {
            control.Instances[id].ActualVersion = "18.2";
        }

        var again = await ReadAllAsync(ids, atOnce: 10);

        Assert.All(again.Values, view => Assert.Equal("18.2", (string?)view!["actualVersion"]));
    }

    [Fact]
    public async Task Given_this_run_has_written_then_nothing_read_ahead_is_used_any_more()
    {
        Add(50);
        await ReadAllAsync(ids[..20], atOnce: 10);
        Assert.Equal(1, Lists);
        await client.UpdateAsync(
            Instances,
            ids[40],
            Inputs("i40", ("cpu", 2)),
            progress: null,
            Token
        );

        var view = await reads.FindAsync(Instances, ids[40], Token);

        Assert.Equal(2, (double)view!["cpu"]!);
        await ReadAllAsync(ids[20..], atOnce: 10);
        Assert.Equal(1, Lists);
    }

    [Fact]
    public async Task Given_some_time_has_passed_then_pages_are_read_anew()
    {
        Add(50);
        await ReadAllAsync(ids[..20], atOnce: 10);
        foreach (var id in ids)
        {
            control.Instances[id].ActualVersion = "18.2";
        }

        time.Advance(TimeSpan.FromSeconds(31));
        var later = await ReadAllAsync(ids[20..], atOnce: 10);

        Assert.All(later.Values, view => Assert.Equal("18.2", (string?)view!["actualVersion"]));
        Assert.Equal(2, Lists);
    }

    [Fact]
    public async Task Given_an_older_service_that_refuses_such_a_page_then_each_is_read_by_itself()
    {
        Add(60);
        control.LargestPage = 200;

        await ReadAllAsync(ids, atOnce: 10);

        Assert.Equal((1, 60), (Lists, Singles));
    }

    [Fact]
    public async Task Given_a_service_that_is_away_then_every_read_says_so()
    {
        Add(20);
        await control.DisposeAsync();

        await Task.WhenAll(
            ids.Select(id =>
                Assert.ThrowsAsync<UnreachableException>(() =>
                    reads.FindAsync(Instances, id, Token)
                )
            )
        );
    }

    /// <summary>Adds so many and gives the last one's id.</summary>
    private string Add(int count)
    {
        for (var number = 0; number < count; number++)
        {
            var added = new FakeInstance(Inputs($"i{ids.Count}"), "run_other", Task.CompletedTask)
            {
                Acknowledged = true,
            };
            control.Instances[added.Id] = added;
            ids.Add(added.Id);
        }

        return ids[^1];
    }

    private static JsonObject Inputs(string name, params (string Name, JsonNode Value)[] further)
    {
        var inputs = new JsonObject
        {
            ["name"] = name,
            ["engine"] = "postgresql",
            ["cpu"] = 1,
            ["memoryGib"] = 1,
            ["storageGib"] = 10,
            ["allowedCidrs"] = new JsonArray(),
            ["parameters"] = new JsonObject(),
            ["databases"] = new JsonArray(),
            ["changePolicy"] = "immediate",
            ["deletionProtection"] = true,
            ["tags"] = new JsonObject(),
        };
        foreach (var (input, value) in further)
        {
            inputs[input] = value;
        }

        return inputs;
    }

    private async Task<Dictionary<string, JsonObject?>> ReadAllAsync(
        IReadOnlyList<string> which,
        int atOnce,
        bool insist = true
    )
    {
        var found = new System.Collections.Concurrent.ConcurrentDictionary<string, JsonObject?>();
        await Parallel.ForEachAsync(
            which,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = Token },
            async (id, token) =>
            {
                var view = await reads.FindAsync(Instances, id, token);
                Assert.True(!insist || (string?)view?["id"] == id, id);
                found[id] = view;
            }
        );
        return found.ToDictionary();
    }
}
