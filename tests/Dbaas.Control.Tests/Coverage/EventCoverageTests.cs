using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dbaas.Control.Audit;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Metadata;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Coverage;

/// <summary>Whoever reads the trail finds every event that the platform writes in docs/events.md, with its severity and what it means.</summary>
public sealed partial class EventCoverageTests(ControlFixture fixture)
{
    private static IEnumerable<EventKind> Fixed =>
        EventCatalogue.Trail.Concat(EventCatalogue.Progress);

    [Fact]
    public void Given_the_sources_then_every_kind_written_in_them_is_in_the_catalogue_and_the_other_way_round()
    {
        var written = SourceText
            .Below("provider/Dbaas.Control")
            .Where(file => !file.Key.EndsWith("EventCatalogue.cs", StringComparison.Ordinal))
            .SelectMany(file => Written().Matches(file.Value))
            .SelectMany(match => match.Groups.Values.Skip(1).Where(group => group.Success))
            .Select(group => group.Value)
            .Concat([.. Condition.Kinds, Condition.Ended]) // written by their names
            .ToHashSet();

        Assert.Equal(Fixed.Select(kind => kind.Kind).Order(), written.Order());
    }

    [Fact]
    public async Task Given_a_life_of_instances_then_every_event_it_leaves_is_in_the_catalogue_with_its_severity()
    {
        var control = await fixture.StartedAsync();
        using var api = new InstanceApi(await fixture.ReadyTenantAsync(), "run-1");
        var id = await api.CreateAsync(InstanceApi.Name());
        await api.GetAsync($"/instances/{id}/credentials");
        await api.PostAsync($"/instances/{id}/credentials/rotate");
        await api.PostAsync($"/instances/{id}/stop");
        await api.PostAsync($"/instances/{id}/start");
        await api.SendAsync(HttpMethod.Patch, $"/instances/{id}", new JsonObject { ["cpu"] = 1 });
        await api.SendAsync(HttpMethod.Delete, $"/instances/{id}");
        var known = Fixed
            .Select(kind => (kind.Kind, kind.Severity))
            .Concat(
                control
                    .Services.GetServices<IWorkflow>()
                    .SelectMany(workflow =>
                        EventCatalogue.OfOperations.Select(kind =>
                            ($"{workflow.Kind}.{kind.Kind}", kind.Severity)
                        )
                    )
            )
            .ToHashSet();

        // Whatever other tests did to this service is judged as well.
        var left = new HashSet<(string, string)>();
        await using var transaction = await control
            .Services.GetRequiredService<IPlatformTransactions>()
            .BeginAsync(TestContext.Current.CancellationToken);
        await using var command = transaction.Command("SELECT DISTINCT kind, severity FROM event");
        await using var reader = await command.ExecuteReaderAsync(
            TestContext.Current.CancellationToken
        );
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            left.Add((reader.GetString(0), reader.GetString(1)));
        }

        Assert.True(left.Count > 15);
        Assert.Empty(left.Except(known));
    }

    [Fact]
    public async Task Given_credentials_that_are_read_then_the_trail_says_who_read_them_and_not_what_they_are()
    {
        await fixture.StartedAsync();
        using var api = new InstanceApi(await fixture.ReadyTenantAsync(), "run-1");
        var id = await api.CreateAsync(InstanceApi.Name());
        var before = (await TrailAsync()).Count;
        var credentials = await api.GetAsync($"/instances/{id}/credentials");

        var trail = await TrailAsync();
        Assert.Equal(before + 1, trail.Count);
        Assert.Equal("owner", trail[0]!["principal"]!.GetValue<string>().Split('@')[0]);
        Assert.DoesNotContain(
            credentials.Text("password"),
            trail.ToJsonString(),
            StringComparison.Ordinal
        );

        async Task<JsonArray> TrailAsync() =>
            (await api.GetAsync($"/audit-events?resource={id}&kind=credentials.fetched")).Body![
                "items"
            ]!.AsArray();
    }

    [Fact]
    public async Task Given_the_catalogue_then_events_md_lists_it()
    {
        var control = await fixture.StartedAsync();
        var text = new StringBuilder(
            "# Events\n\nWhat `GET /v1/audit-events` (of a tenant), `GET /v1/platform/audit-events` (of none: hosts, unknown keys; for the platform's administrator) and the events of an operation hold; made from the source. Kinds are added, never renamed.\n"
        );
        Table(text, "Kept for audit", EventCatalogue.Trail);
        text.Append("\n## Operations\n\nEach after the kind of the operation: ")
            .AppendJoin(
                ", ",
                control
                    .Services.GetServices<IWorkflow>()
                    .Select(workflow => $"`{workflow.Kind}`")
                    .Order(StringComparer.Ordinal)
            )
            .Append(", for instance `instance.create.requested`. Kept for audit.\n");
        Rows(text, EventCatalogue.OfOperations);
        Table(text, "Progress, not kept for audit", EventCatalogue.Progress);
        SourceText.Same("docs/events.md", text.ToString());
    }

    private static void Table(StringBuilder text, string title, IReadOnlyList<EventKind> kinds)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n");
        Rows(text, kinds);
    }

    private static void Rows(StringBuilder text, IReadOnlyList<EventKind> kinds)
    {
        text.Append("\n| kind | severity | meaning |\n|---|---|---|\n");
        foreach (var kind in kinds)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{kind.Kind}` | {kind.Severity} | {kind.Meaning} |\n"
            );
        }
    }

    /// <summary>The first argument of what makes a draft, and drafts made where their type is clear from the call.</summary>
    [GeneratedRegex(
        "(?:EventDraft\\(|EventDraft\\.By\\(\\s*caller,|Progress\\(|AppendAsync\\(\\s*\\w+,\\s*new\\()\\s*(?:\\w+ \\? )?\"([a-z_.]+)\"(?: : \"([a-z_.]+)\")?"
    )]
    private static partial Regex Written();
}
