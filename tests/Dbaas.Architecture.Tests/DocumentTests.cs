using System.Text.RegularExpressions;

namespace Dbaas.Architecture.Tests;

/// <summary>Documents that lie are worse than none: names and links in them must exist.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> Documents { get; } =
    [
        .. Directory
            .EnumerateFiles(
                Path.Combine(Repository.Root, "docs"),
                "*.md",
                SearchOption.AllDirectories
            )
            .Append(Path.Combine(Repository.Root, "README.md"))
            .Append(Path.Combine(Repository.Root, "SECURITY.md"))
            .Select(file => Path.GetRelativePath(Repository.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Given_a_document_when_its_links_are_followed_then_each_leads_to_a_file(
        string document
    )
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;
        var dead = Link()
            .Matches(Repository.Read(document))
            .Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(folder, target)));

        Assert.Empty(dead);
    }

    [Fact]
    public void Given_the_readme_when_it_names_make_targets_then_the_makefile_has_them()
    {
        var makefile = Repository.Read("Makefile");

        var unknown = MakeTarget()
            .Matches(Repository.Read("README.md"))
            .Select(match => match.Groups[1].Value)
            .Distinct()
            .Where(target => !makefile.Contains($"\n{target}:", StringComparison.Ordinal));

        Assert.Empty(unknown);
    }

    [Fact]
    public void Given_the_decisions_when_they_are_listed_then_no_number_is_used_twice()
    {
        var folder = Path.Combine(Repository.Root, "docs/adr");
        var twice = Directory
            .EnumerateFiles(folder, "*.md")
            .Select(file => Path.GetFileName(file)[..4])
            .GroupBy(number => number)
            .Where(group => group.Count() > 1)
            .Select(group => group.Key);

        Assert.Empty(twice);
    }

    [Fact]
    public void Given_the_threat_model_when_it_names_a_test_as_proof_then_there_is_that_test()
    {
        var tests = Repository
            .Sources("tests")
            .Select(file => Path.GetFileName(file).Split('.')[0])
            .ToHashSet();
        var named = Proof()
            .Matches(Repository.Read("docs/threat-model.md"))
            .Select(match => match.Groups[1].Value)
            .ToHashSet();

        Assert.True(named.Count > 20);
        Assert.Empty(named.Except(tests));
    }

    [Fact]
    public void Given_the_threat_model_when_its_rows_are_read_then_each_threat_has_a_proof() =>
        Assert.Equal(
            [],
            Repository
                .Read("docs/threat-model.md")
                .Split('\n')
                .Where(line => Threat().IsMatch(line) && !Proof().IsMatch(line.Split('|')[^2]))
        );

    [GeneratedRegex(@"`(\w+(?:Tests|Conformance))`")]
    private static partial Regex Proof();

    [GeneratedRegex(@"^\| [STRIDE] \|")]
    private static partial Regex Threat();

    [GeneratedRegex(@"\]\(([^)#\s]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`make ([a-z-]+)")]
    private static partial Regex MakeTarget();
}
