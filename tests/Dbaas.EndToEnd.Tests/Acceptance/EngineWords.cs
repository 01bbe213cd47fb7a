namespace Dbaas.EndToEnd.Tests.Acceptance;

/// <summary>What the suite needs to know of an engine beside what every end-to-end test does.</summary>
/// <param name="MoreMemoryGib">An amount above the least.</param>
/// <param name="RestartParameter">A parameter that takes effect at a restart only.</param>
/// <param name="RestartValue">A value for it that is not its default.</param>
/// <param name="OtherRestartValue">Another one.</param>
/// <param name="ShowRestartParameter">Query for the value in force.</param>
/// <param name="HasDatabase">Query that answers 1 where the database <c>reports</c> exists.</param>
internal sealed record EngineWords(
    double MoreMemoryGib,
    string RestartParameter,
    string RestartValue,
    string OtherRestartValue,
    string ShowRestartParameter,
    string HasDatabase
)
{
    private static readonly EngineWords PostgreSql = new(
        1,
        "max_locks_per_transaction",
        "96",
        "112",
        "show max_locks_per_transaction",
        "select count(*) from pg_database where datname = 'reports'"
    );

    private static readonly EngineWords MySql = new(
        2,
        "ft_min_word_len",
        "3",
        "5",
        "select @@global.ft_min_word_len",
        "select count(*) from information_schema.schemata where schema_name = 'reports'"
    );

    public static EngineWords Of(string engine) => engine == "mysql" ? MySql : PostgreSql;
}
