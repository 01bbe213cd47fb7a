namespace Dbaas.Engines.Tests.MySql;

public sealed class DatabaseNamesTests
{
    private static readonly IDatabaseEngine Engine = DatabaseEngines.Find("mysql")!;

    [Theory]
    [InlineData("shop")]
    [InlineData("Bücher-2024")]
    [InlineData("a`b")]
    [InlineData("postgres")]
    public void Given_a_name_the_engine_takes_when_checked_then_it_is_allowed(string name) =>
        Assert.Null(Engine.RefuseDatabaseName(name));

    [Theory]
    [InlineData("")]
    [InlineData(" shop")]
    [InlineData("mysql")]
    [InlineData("Performance_Schema")]
    [InlineData("#mysql50#x")]
    [InlineData("a\u0000b")]
    [InlineData("a\u202Eb")]
    [InlineData("smile😀")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData(
        "数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数数"
    )]
    public void Given_a_name_the_engine_cannot_keep_when_checked_then_it_is_refused_in_words(
        string name
    ) => Assert.NotEmpty(Engine.RefuseDatabaseName(name)!);
}
