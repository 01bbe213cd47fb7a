using System.Text.RegularExpressions;

namespace Dbaas.Architecture.Tests;

/// <summary>An event id in a log leads to one place in the source, whichever program wrote the line.</summary>
public sealed partial class LogEventTests
{
    /// <summary>Each program has numbers of its own; a line that was copied shows at once where it belongs.</summary>
    private static readonly Dictionary<string, (int First, int Last)> s_ranges = new()
    {
        ["Dbaas.Control"] = (1000, 3999),
        ["Dbaas.Host"] = (4000, 4999),
        ["Dbaas.Agent"] = (5000, 5499),
        ["Dbaas.Engines"] = (5500, 5999),
        ["Dbaas.Provider"] = (6000, 6999),
        ["Dbaas.LocalKms"] = (7000, 7999),
        ["Dbaas.Supervisor"] = (8000, 8999),
        ["Dbaas.Cli"] = (9000, 9499),
    };

    private static readonly (string Project, string File, int Id)[] s_events =
    [
        .. Repository
            .Sources("provider")
            .SelectMany(file =>
                EventId()
                    .Matches(Repository.Read(file))
                    .Select(match =>
                        (file.Split('/')[1], file, int.Parse(match.Groups[1].Value, null))
                    )
            ),
    ];

    [Fact]
    public void Given_all_programs_when_their_log_events_are_listed_then_no_id_means_two_things() =>
        Assert.Equal(
            [],
            s_events
                .GroupBy(one => one.Id)
                .Where(same => same.Count() > 1)
                .Select(same => $"{same.Key}: {string.Join(", ", same.Select(one => one.File))}")
        );

    [Fact]
    public void Given_a_program_when_its_log_events_are_listed_then_each_is_in_its_range()
    {
        Assert.True(s_events.Length > 60);
        Assert.Equal(
            [],
            s_events
                .Where(one =>
                    !s_ranges.TryGetValue(one.Project, out var range)
                    || one.Id < range.First
                    || one.Id > range.Last
                )
                .Select(one => $"{one.File}: {one.Id}")
        );
    }

    [Fact]
    public void Given_the_sources_when_log_messages_are_listed_then_each_has_an_id() =>
        Assert.Equal(
            [],
            Repository
                .Sources("provider")
                .Where(file =>
                    Message().Count(Repository.Read(file)) != EventId().Count(Repository.Read(file))
                )
        );

    [GeneratedRegex(@"\[LoggerMessage\(\s*(\d+)\s*,")]
    private static partial Regex EventId();

    [GeneratedRegex(@"\[LoggerMessage\(")]
    private static partial Regex Message();
}
