using Dbaas.Host.Images;

namespace Dbaas.Host.Tests.Images;

public sealed class RecipeBookTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dbaas-recipes-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("postgresql", "18")]
    [InlineData("platform", "")]
    public void Given_the_recipes_delivered_with_the_program_when_read_then_they_are_valid(
        string engine,
        string version
    )
    {
        var (recipe, hash) = new RecipeBook(new() { Folder = folder }).Read(engine, version);

        Assert.NotEmpty(recipe.Packages);
        Assert.Equal(64, hash.Length);
    }

    [Theory]
    [InlineData("oracle", "1")]
    [InlineData("../../etc", "18")]
    [InlineData("postgresql", "../18")]
    [InlineData("", "")]
    public void Given_an_unknown_or_forged_name_when_read_then_it_is_refused_by_code(
        string engine,
        string version
    )
    {
        var problem = Assert.Throws<ImageException>(() =>
            new RecipeBook(new() { Folder = folder }).Read(engine, version)
        );
        Assert.Equal("image.recipe_unknown", problem.Code);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"engine":"e","version":"1","suite":"sid","packages":[]}""")]
    [InlineData("""{"engine":"x","version":"1","suite":"sid","packages":["a"]}""")]
    [InlineData("""{"engine":"e","version":"1","suite":"sid","packages":["a"],"pakages":[]}""")]
    [InlineData(
        """{"engine":"e","version":"1","suite":"sid","packages":["a"],"filesAfter":[{"path":"/../x","mode":"0644","lines":[]}]}"""
    )]
    [InlineData(
        """{"engine":"e","version":"1","suite":"sid","packages":["a"],"filesAfter":[{"path":"/x","mode":"rw","lines":[]}]}"""
    )]
    public void Given_a_malformed_recipe_when_read_then_the_message_names_the_file(string text)
    {
        var path = Path.Combine(folder, "e", "1", "recipe.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);

        var problem = Assert.Throws<ImageException>(() =>
            new RecipeBook(new() { Folder = folder, Recipes = folder }).Read("e", "1")
        );

        Assert.Equal("image.recipe_invalid", problem.Code);
        Assert.Contains(path, problem.Message, StringComparison.Ordinal);
    }
}
