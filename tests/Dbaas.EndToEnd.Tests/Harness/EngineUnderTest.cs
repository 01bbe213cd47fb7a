namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>What an engine calls the things that every database has: the only difference between two runs of an acceptance test.</summary>
/// <param name="Engine">Word in the schema.</param>
/// <param name="Version">Major version.</param>
/// <param name="MemoryGib">Least memory the engine takes.</param>
/// <param name="Parameter">A parameter that takes effect in a running engine.</param>
/// <param name="Value">A value for it.</param>
/// <param name="OtherValue">A different value for it.</param>
/// <param name="SameValue">Another spelling of the same value.</param>
/// <param name="ShowParameter">Query for the value in force.</param>
/// <param name="ShownValue">What it answers then.</param>
public sealed record EngineUnderTest(
    string Engine,
    string Version,
    double MemoryGib,
    string Parameter,
    string Value,
    string OtherValue,
    string SameValue,
    string ShowParameter,
    string ShownValue
)
{
    private static readonly EngineUnderTest PostgreSql = new(
        "postgresql",
        "18",
        0.5,
        "work_mem",
        "7MB",
        "5MB",
        "7168kB",
        "show work_mem",
        "7MB"
    );

    private static readonly EngineUnderTest MySql = new(
        "mysql",
        "9.7",
        1.5,
        "sort_buffer_size",
        "512K",
        "384K",
        "524288",
        "select @@global.sort_buffer_size",
        "524288"
    );

    public static EngineUnderTest Of(string engine) => engine == "mysql" ? MySql : PostgreSql;

    /// <summary>The engine's own client program, authenticated and verified.</summary>
    public SqlClient Connect(Credentials credentials) =>
        this == MySql ? new MySqlClient(credentials) : new Psql(credentials);

    public InstanceConfiguration Declare(string name) =>
        new(name)
        {
            Engine = Engine,
            EngineVersion = Version,
            MemoryGib = MemoryGib,
        };

    public override string ToString() => Engine;
}
