using NetArchTest.Rules;

namespace Dbaas.Architecture.Tests;

/// <summary>Public is a promise: programs promise their command line and protocol, not their classes.</summary>
public sealed class SurfaceTests
{
    [Theory]
    [InlineData("Dbaas.Supervisor")]
    [InlineData("Dbaas.LocalKms")]
    public void Given_a_program_when_its_types_are_listed_then_none_is_public(string project) =>
        Assert.Equal(
            [],
            Solution
                .OurTypes(Solution.Load(project))
                .Where(type => type.IsPublic)
                .Select(type => type.FullName)
        );

    [Theory]
    [InlineData("Dbaas.Control")]
    [InlineData("Dbaas.Host")]
    [InlineData("Dbaas.LocalKms")]
    [InlineData("Dbaas.Supervisor")]
    [InlineData("dbaas")]
    [InlineData("Dbaas.Provider")]
    public void Given_a_program_when_its_internal_classes_are_listed_then_each_is_sealed_static_or_abstract(
        string project
    )
    {
        var result = Types
            .InAssembly(Solution.Load(project))
            .That()
            .ResideInNamespaceStartingWith("Dbaas")
            .And()
            .AreClasses()
            .And()
            .AreNotPublic()
            .And()
            .AreNotAbstract()
            .And()
            .AreNotStatic()
            .Should()
            .BeSealed()
            .GetResult();
        var inherited = Solution
            .OurTypes(Solution.Load(project))
            .Select(type => type.BaseType?.FullName)
            .OfType<string>()
            .ToHashSet();

        Assert.Equal(
            [],
            (result.FailingTypeNames ?? []).Where(name =>
                !inherited.Contains(name) && !name.Contains('<')
            )
        );
    }
}
