using NetArchTest.Rules;

namespace Dbaas.Architecture.Tests;

/// <summary>Who may know whom. A wrong reference is quickly made and hard to take back.</summary>
public sealed class LayerTests
{
    /// <summary>Each project and the projects of ours it may use, directly or not.</summary>
    public static TheoryData<string, string[]> Allowed { get; } =
        new()
        {
            { "Dbaas.Client", [] },
            { "Dbaas.Schema", [] },
            { "Dbaas.Protocol", [] },
            { "Dbaas.LocalKms", [] },
            { "Dbaas.Supervisor", [] },
            { "Dbaas.Engines", ["Dbaas.Protocol"] },
            { "Dbaas.Engines.Cataloguer", ["Dbaas.Engines", "Dbaas.Protocol"] },
            { "Dbaas.Schema.Generator", ["Dbaas.Schema"] },
            { "Dbaas.Provider", ["Dbaas.Client", "Dbaas.Schema"] },
            { "dbaas", ["Dbaas.Client", "Dbaas.Schema"] },
            { "Dbaas.Agent", ["Dbaas.Engines", "Dbaas.Protocol"] },
            { "Dbaas.Host", ["Dbaas.Client", "Dbaas.Protocol"] },
            {
                "Dbaas.Control",
                ["Dbaas.Client", "Dbaas.Schema", "Dbaas.Protocol", "Dbaas.Engines"]
            },
        };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Given_a_project_when_its_references_are_listed_then_it_knows_only_the_layers_below(
        string project,
        string[] allowed
    )
    {
        var known = Solution
            .Load(project)
            .GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(Solution.Names.Contains);

        Assert.Empty(known.Except(allowed));
    }

    [Theory]
    [InlineData("Dbaas.Provider", "Orleans")]
    [InlineData("Dbaas.Provider", "Npgsql")]
    [InlineData("Dbaas.Provider", "Microsoft.EntityFrameworkCore")]
    [InlineData("Dbaas.Agent", "Orleans")]
    [InlineData("Dbaas.Host", "Npgsql")]
    [InlineData("Dbaas.Host", "Orleans")]
    [InlineData("dbaas", "Npgsql")]
    public void Given_a_program_when_its_types_are_inspected_then_none_depends_on_what_is_not_its_business(
        string project,
        string dependency
    )
    {
        var result = Types
            .InAssembly(Solution.Load(project))
            .That()
            .ResideInNamespaceStartingWith("Dbaas")
            .ShouldNot()
            .HaveDependencyOn(dependency)
            .GetResult();

        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void Given_the_allowed_layers_when_the_solution_is_listed_then_no_project_is_forgotten() =>
        Assert.Equal(Solution.Names.Order(), Allowed.Select(row => row.Data.Item1).Order());

    [Fact]
    public void Given_the_folders_when_projects_are_searched_then_the_solution_has_each()
    {
        var solution = Repository.Read("Dbaas.Provider.sln").Replace('\\', '/');
        var forgotten = Directory
            .EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.StartsWith("artifacts/", StringComparison.Ordinal))
            .Where(file => !solution.Contains($"\"{file}\"", StringComparison.Ordinal))
            .ToList();
        Assert.Empty(forgotten);
    }
}
