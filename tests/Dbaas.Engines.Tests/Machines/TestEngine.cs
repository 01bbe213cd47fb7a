namespace Dbaas.Engines.Tests.Machines;

/// <summary>What a test machine must know of the engine in it.</summary>
/// <param name="Name">As in schema.json.</param>
/// <param name="Version">The image's.</param>
/// <param name="User">The image's unprivileged user, as which the machine runs.</param>
/// <param name="Port">The engine's usual one.</param>
/// <param name="MemoryGib">Size by which settings are derived.</param>
internal sealed record TestEngine(
    string Name,
    string Version,
    string User,
    int Port,
    double MemoryGib
)
{
    public static readonly TestEngine PostgreSql = new("postgresql", "18", "postgres", 5432, 0.5);
    public static readonly TestEngine OlderPostgreSql = PostgreSql with { Version = "17" };
    public static readonly TestEngine MySql = new("mysql", "9.7", "mysql", 3306, 1);

    public IDatabaseEngine Knowledge => DatabaseEngines.Find(Name)!;

    /// <summary>Root folder of another image than the newest; empty: the newest.</summary>
    public string OtherImage { get; init; } = "";

    /// <summary>Root folder of the engine image.</summary>
    public string Image => OtherImage.Length > 0 ? OtherImage : EngineImages.Rootfs(Name, Version);
}
