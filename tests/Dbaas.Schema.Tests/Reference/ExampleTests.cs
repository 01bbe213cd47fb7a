using System.Text.RegularExpressions;
using Dbaas.Schema.Reference;
using YamlDotNet.RepresentationModel;

namespace Dbaas.Schema.Tests.Reference;

/// <summary>Examples are what people copy first.</summary>
public sealed partial class ExampleTests
{
    private static readonly PackageSchema Package = PackageSchema.Embedded;

    public static TheoryData<string> Pages { get; } =
    [.. PulumiReference.Pages(Package).Skip(1).Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Given_a_resource_or_function_when_its_page_is_read_then_it_has_an_example_in_each_language(
        string path
    ) =>
        Assert.Equal(
            ["csharp", "yaml", "typescript", "python"],
            Blocks(path).Select(block => block.Language).Where(language => language != "sh")
        );

    [Theory]
    [MemberData(nameof(Pages))]
    public void Given_a_csharp_example_when_parsed_then_it_is_csharp(string path) =>
        CSharpSyntax.AssertValid(path, Blocks(path).First(b => b.Language == "csharp").Text);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Given_a_yaml_example_when_parsed_then_it_names_the_token_of_its_page(string path)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Blocks(path).First(b => b.Language == "yaml").Text));

        var name = Path.GetFileNameWithoutExtension(path);
        var tokens = yaml.Documents[0].AllNodes.OfType<YamlScalarNode>().Select(node => node.Value);
        Assert.Contains($"{Package.Name}:{name}", tokens);
    }

    [Fact]
    public void Given_text_that_looks_like_a_number_when_written_as_yaml_then_it_stays_text()
    {
        var page = PulumiReference
            .Pages(Package)
            .First(p => p.Path.EndsWith("DatabaseInstance.md", StringComparison.Ordinal));

        Assert.Contains("engineVersion: \"18\"", page.Content, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Language, string Text)> Blocks(string path) =>
        CodeBlock()
            .Matches(PulumiReference.Pages(Package).Single(page => page.Path == path).Content)
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    [GeneratedRegex("```([a-z]+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
