using Dbaas.Schema.DotNet;
using Dbaas.Schema.Reference;

namespace Dbaas.Schema.Tests;

/// <summary>What is generated is checked in, so that people can read and build it; it must never be older than its source.</summary>
public sealed class GeneratedFilesTests
{
    private static readonly PackageSchema Package = PackageSchema.Embedded;

    [Fact]
    public void Given_the_schema_when_the_sdk_is_generated_then_it_equals_what_is_checked_in() =>
        AssertCheckedIn(
            "sdk/dotnet",
            DotNetSdk.Files(Package).Select(file => (file.Path, file.Content))
        );

    [Fact]
    public void Given_the_schema_when_the_reference_is_generated_then_it_equals_what_is_checked_in() =>
        AssertCheckedIn(
            "docs/reference",
            TerraformReference
                .Pages(Package)
                .Concat(PulumiReference.Pages(Package))
                .Select(page => (page.Path, page.Content))
        );

    private static void AssertCheckedIn(
        string folder,
        IEnumerable<(string Path, string Content)> files
    )
    {
        var root = Path.Combine(Repository.Root, folder);
        var expected = files.ToDictionary(file => file.Path, file => file.Content);
        var there = Directory
            .EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Where(path => path.Split('/')[0] is not ("bin" or "obj"));

        Assert.Equal(
            expected.Keys.Order(StringComparer.Ordinal),
            there.Order(StringComparer.Ordinal)
        );
        foreach (var (path, content) in expected)
        {
            Assert.True(
                File.ReadAllText(Path.Combine(root, path)) == content,
                $"{folder}/{path} is stale: run `dotnet run --project provider/Dbaas.Schema.Generator`."
            );
        }
    }
}
