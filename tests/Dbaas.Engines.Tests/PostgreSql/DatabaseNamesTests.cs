using System.Text;
using CsCheck;
using Dbaas.Engines.PostgreSql;

namespace Dbaas.Engines.Tests.PostgreSql;

public sealed class DatabaseNamesTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("postgres")]
    [InlineData("Template0")]
    [InlineData("template1")]
    [InlineData("rdsadmin")]
    [InlineData("information_schema")]
    [InlineData("pg_catalog")]
    [InlineData(" padded")]
    [InlineData("line\nbreak")]
    [InlineData("zero\0byte")]
    [InlineData("left\u202Eright")]
    [InlineData("zero\u200Bwidth")]
    [InlineData("語語語語語語語語語語語語語語語語語語語語語語")]
    public void Given_a_name_that_harms_when_checked_then_it_is_refused_in_words(string name) =>
        Assert.NotEmpty(DatabaseNames.Refuse(name)!);

    // Not a theory: an attribute cannot carry half a character.
    [Fact]
    public void Given_half_a_surrogate_pair_when_checked_then_it_is_refused() =>
        Assert.NotEmpty(DatabaseNames.Refuse("lone" + '\uD800')!);

    [Theory]
    [InlineData("shop")]
    [InlineData("Shop-2")]
    [InlineData("x\"; DROP DATABASE y;--")]
    [InlineData("$(id)")]
    [InlineData("語語語語語語語語語語語語語語語語語語語語語")]
    public void Given_an_odd_but_visible_name_when_checked_then_it_is_taken(string name) =>
        Assert.Null(DatabaseNames.Refuse(name));

    [Fact]
    public void Given_any_accepted_name_when_checked_then_the_engine_would_not_cut_it() =>
        Gen.String.Sample(name =>
            DatabaseNames.Refuse(name) is not null || Encoding.UTF8.GetByteCount(name) <= 63
        );

    [Fact]
    public void Given_any_name_when_quoted_then_no_quote_ends_it_early() =>
        Gen.String.Sample(name =>
        {
            var quoted = DatabaseNames.Quote(name);
            return quoted[1..^1].Replace("\"\"", "", StringComparison.Ordinal).Contains('"')
                    == false
                && quoted.StartsWith('"')
                && quoted.EndsWith('"');
        });
}
