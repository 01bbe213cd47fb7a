using System.Text.RegularExpressions;
using Dbaas.Control.Audit;
using Dbaas.Control.Problems;
using Dbaas.Protocol.Agent;

namespace Dbaas.Control.Tests.Coverage;

/// <summary>
/// Codes of problems are public contract, whoever gives them: control, a host, an agent or an engine. Both ways: none is answered that is
/// not in the catalogue, and none is in the catalogue that nothing answers.
/// </summary>
public sealed partial class ProblemCoverageTests
{
    /// <summary>Where lists of kinds stand; a code only there is answered by nothing.</summary>
    private const string Lists = "Problems.cs";

    /// <summary>Where codes come from.</summary>
    private static readonly string[] s_sources =
    [
        "provider/Dbaas.Control",
        "provider/Dbaas.Host",
        "provider/Dbaas.Agent",
        "provider/Dbaas.Engines",
        "provider/Dbaas.Protocol",
    ];

    /// <summary>Inside a host only: the driver turns each into machine.stale_epoch.</summary>
    private static readonly string[] s_translated = ["gateway.stale_epoch", "host.stale_epoch"];

    /// <summary>Public since the first version and answered by nothing yet.</summary>
    private static readonly string[] s_reserved = ["json.read_only", "request.header_invalid"];

    [Fact]
    public void Given_the_sources_then_every_code_in_them_is_in_the_catalogue()
    {
        var known = ProblemCatalogue.All.Select(kind => kind.Code).ToHashSet();
        var areas = known.Select(code => code.Split('.')[0]).ToHashSet();
        var events = EventCatalogue
            .Trail.Concat(EventCatalogue.Progress)
            .Select(kind => kind.Kind)
            .ToHashSet();
        var used = s_sources
            .SelectMany(SourceText.Below)
            .SelectMany(file => Literal().Matches(file.Value))
            .Select(match => match.Groups[1].Value)
            .Where(code => areas.Contains(code.Split('.')[0]))
            .Where(code => !s_files.Contains(code.Split('.')[1]))
            .ToHashSet();

        Assert.True(used.Count > 100);
        // What an agent says of an engine's health becomes an event.
        string[] conditions = [AgentFailures.Restarted, AgentFailures.SlowStorage];
        var unknown = used.Except(known).Except(events).Except(s_translated).Except(conditions);
        Assert.DoesNotContain(unknown, code => !OperationKind().IsMatch(code));
    }

    [Fact]
    public void Given_the_catalogue_then_every_code_in_it_is_answered_by_something()
    {
        var files = s_sources.SelectMany(SourceText.Below).ToArray();
        var literals = files
            .Where(file => !file.Key.EndsWith(Lists, StringComparison.Ordinal))
            .SelectMany(file => Literal().Matches(file.Value))
            .Select(match => match.Groups[1].Value)
            .ToHashSet();
        var constants = files
            .SelectMany(file =>
                Constant()
                    .Matches(file.Value)
                    .Select(match =>
                        (
                            Class: Path.GetFileNameWithoutExtension(file.Key),
                            Name: match.Groups[1].Value,
                            Code: match.Groups[2].Value
                        )
                    )
            )
            .Where(constant =>
                files.Any(file =>
                    Path.GetFileNameWithoutExtension(file.Key) != constant.Class
                    && file.Value.Contains(
                        $"{constant.Class}.{constant.Name}",
                        StringComparison.Ordinal
                    )
                )
            )
            .Select(constant => constant.Code)
            .ToHashSet();

        Assert.Empty(
            ProblemCatalogue
                .All.Select(kind => kind.Code)
                .Except(literals)
                .Except(constants)
                .Except(s_reserved)
        );
    }

    [Fact]
    public void Given_the_catalogue_then_each_code_is_there_once_and_well_formed()
    {
        var codes = ProblemCatalogue.All.Select(kind => kind.Code).ToArray();
        Assert.Equal(codes.Distinct().Count(), codes.Length);
        Assert.All(codes, code => Assert.Matches("^[a-z_]+\\.[a-z_]+$", code));
        Assert.All(
            ProblemCatalogue.All,
            kind => Assert.True(kind.Status is 200 or (>= 400 and < 600), kind.Code)
        );
    }

    /// <summary>Endings of file names, which look like codes.</summary>
    private static readonly string[] s_files =
    [
        "crt",
        "key",
        "json",
        "log",
        "pid",
        "sock",
        "cfg",
        "sh",
        "fifo",
        "max",
    ];

    [GeneratedRegex("\"([a-z_]+\\.[a-z_]+)\"")]
    private static partial Regex Literal();

    [GeneratedRegex("const string (\\w+) =\\s*\"([a-z_]+\\.[a-z_]+)\"")]
    private static partial Regex Constant();

    [GeneratedRegex(
        "^(instance\\.(create|update|delete|start|stop|restart|recover|rotate_credentials)|image\\.refresh)$"
    )]
    private static partial Regex OperationKind();
}
