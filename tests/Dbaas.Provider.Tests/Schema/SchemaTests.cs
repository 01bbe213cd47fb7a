using CsCheck;
using Dbaas.Provider.Terraform;
using Dbaas.Provider.Tests.Terraform;
using Dbaas.Schema;
using Dbaas.Schema.Reference;

namespace Dbaas.Provider.Tests.Schema;

public sealed class SchemaTests
{
    private static readonly PackageSchema Package = PackageSchema.Embedded;

    [Fact]
    public void Given_any_property_name_when_written_for_terraform_and_back_then_it_is_the_same()
    {
        var word = Gen.String[Gen.Char['a', 'z'], 1, 8];
        Gen.Select(word, word.Array[0, 4])
            .Select(words =>
                words.Item1
                + string.Concat(
                    words.Item2.Select(next => char.ToUpperInvariant(next[0]) + next[1..])
                )
            )
            .Sample(name =>
                Assert.Equal(name, TerraformNames.Property(TerraformNames.Attribute(name)))
            );
    }

    [Fact]
    public void Given_every_name_of_the_schema_when_written_for_terraform_then_it_comes_back()
    {
        foreach (
            var property in Package.Resources.SelectMany(resource =>
                resource.Inputs.Concat(resource.Outputs)
            )
        )
        {
            Assert.Equal(
                property.Name,
                TerraformNames.Property(TerraformNames.Attribute(property.Name))
            );
            Assert.NotEmpty(property.Description);
        }
    }

    [Fact]
    public void Given_the_schema_when_the_reference_is_generated_then_it_equals_what_is_checked_in()
    {
        var folder = Path.Combine(TerraformFolder.RepositoryRoot(), "docs/reference");
        var pages = TerraformReference
            .Pages(Package)
            .ToDictionary(page => page.Path, page => page.Content);
        foreach (var (path, content) in pages)
        {
            Assert.True(
                File.Exists(Path.Combine(folder, path))
                    && File.ReadAllText(Path.Combine(folder, path)) == content,
                $"{path} is stale: run `dotnet run --project provider/Dbaas.Schema.Generator`."
            );
        }

        var there = Directory
            .EnumerateFiles(Path.Combine(folder, "terraform"))
            .Select(file => "terraform/" + Path.GetFileName(file));
        Assert.Equal(pages.Keys.Order(), there.Order());
    }

    [Theory]
    [InlineData("/parameters/work~1mem", "parameters[\"work/mem\"]")]
    [InlineData("/maintenanceWindow/startTime", "maintenance_window")]
    [InlineData("/allowedCidrs/3", "allowed_cidrs")]
    [InlineData("/nothing", "")]
    public void Given_a_pointer_of_the_service_when_shown_then_it_names_the_attribute(
        string pointer,
        string expected
    )
    {
        var path = AttributePaths.FromPointer(Package.Resources[0].Inputs, pointer);
        var text = string.Concat(
            path?.Steps.Select(step =>
                step.AttributeName is { Length: > 0 } name
                    ? $".{name}"
                    : $"[\"{step.ElementKeyString}\"]"
            ) ?? []
        );
        Assert.Equal(expected, text.TrimStart('.'));
    }

    [Fact]
    public void Given_the_provider_sources_when_searched_then_no_property_of_a_resource_is_named()
    {
        // The names below are of the protocol and of REST itself (id, name of an operation), not of a resource.
        string[] shared = ["id", "name", "region", "status", "endpoint"];
        var names = Package
            .Resources.SelectMany(resource => resource.Inputs.Concat(resource.Outputs))
            .Select(property => property.Name)
            .Except(shared)
            .ToList();
        var sources = Directory.EnumerateFiles(
            Path.Combine(TerraformFolder.RepositoryRoot(), "provider/Dbaas.Provider"),
            "*.cs",
            SearchOption.AllDirectories
        );
        foreach (
            var source in sources.Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
        )
        {
            var text = File.ReadAllText(source);
            Assert.DoesNotContain(
                names,
                name => text.Contains($"\"{name}\"", StringComparison.Ordinal)
            );
            Assert.DoesNotContain(
                names,
                name =>
                    text.Contains($"\"{TerraformNames.Attribute(name)}\"", StringComparison.Ordinal)
            );
        }
    }
}
