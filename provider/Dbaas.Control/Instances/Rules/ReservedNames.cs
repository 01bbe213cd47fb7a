namespace Dbaas.Control.Instances.Rules;

/// <summary>
/// Names no instance may have, whatever its engine: they are those of the engines' own system databases and of ours, and a
/// person who reads one in a log or a connection string must not have to guess which of the two is meant.
/// </summary>
internal static class ReservedNames
{
    private static readonly HashSet<string> s_names =
    [
        "postgres",
        "template0",
        "template1",
        "mysql",
        "sys",
        "information-schema",
        "performance-schema",
        "rdsadmin",
        "dbaas",
    ];

    public static bool Contains(string name) => s_names.Contains(name);
}
