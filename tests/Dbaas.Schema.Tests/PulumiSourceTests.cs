namespace Dbaas.Schema.Tests;

/// <summary>What is compiled only where Pulumi's packages can be restored must at least be C# everywhere (docs/adr/0111).</summary>
public sealed class PulumiSourceTests
{
    public static TheoryData<string> Folders { get; } =
    ["sdk", "stacks", "examples", "tests/Dbaas.Stacks.Tests"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Given_a_project_that_may_be_left_out_of_the_build_when_parsed_then_it_is_csharp(
        string folder
    )
    {
        var sources = Directory
            .EnumerateFiles(
                Path.Combine(Repository.Root, folder),
                "*.cs",
                SearchOption.AllDirectories
            )
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(sources);
        Assert.All(sources, file => CSharpSyntax.AssertValid(file, File.ReadAllText(file)));
    }
}
