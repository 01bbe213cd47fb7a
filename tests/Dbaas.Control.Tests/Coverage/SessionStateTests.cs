using System.Text.RegularExpressions;

namespace Dbaas.Control.Tests.Coverage;

/// <summary>
/// Connections go back to their pool as they are, and the next user may be another tenant: no statement may leave anything on one.
/// </summary>
public sealed partial class SessionStateTests
{
    [Fact]
    public void Given_the_sources_when_searched_then_no_statement_outlives_its_transaction()
    {
        var found = SourceText
            .Below("provider/Dbaas.Control")
            .SelectMany(file =>
                LastsForTheSession()
                    .Matches(file.Value)
                    .Select(match => $"{file.Key}: {match.Value.Trim()}")
            );
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("\"SET search_path = x\"")]
    [InlineData("SET SESSION AUTHORIZATION x")]
    [InlineData("SELECT set_config('dbaas.tenant', $1, false)")]
    [InlineData("SELECT pg_advisory_lock(1)")]
    [InlineData("SELECT pg_try_advisory_lock(1)")]
    [InlineData("CREATE TEMPORARY TABLE x (y int)")]
    [InlineData("\"PREPARE x AS SELECT 1\"")]
    public void Given_a_statement_that_lasts_for_the_session_when_searched_then_it_is_found(
        string statement
    ) => Assert.Matches(LastsForTheSession(), statement);

    [Theory]
    [InlineData("\"SET LOCAL lock_timeout = 1\"")]
    [InlineData("UPDATE operation\n SET state = $1")]
    [InlineData("SELECT set_config('dbaas.tenant', $1, true)")]
    [InlineData("SELECT pg_advisory_xact_lock($1)")]
    public void Given_a_statement_that_ends_with_its_transaction_when_searched_then_it_is_not_found(
        string statement
    ) => Assert.DoesNotMatch(LastsForTheSession(), statement);

    [GeneratedRegex(
        """
            "SET\s+(?!LOCAL\b|TRANSACTION\b)|\bSET\s+SESSION\b|set_config\([^)]*,\s*false\s*\)|pg_(try_)?advisory_lock(_shared)?\(|CREATE\s+TEMP|"PREPARE\s
            """,
        RegexOptions.None,
        1_000
    )]
    private static partial Regex LastsForTheSession();
}
