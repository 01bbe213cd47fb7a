using Dbaas.Engines.PostgreSql;

namespace Dbaas.Engines;

/// <summary>Every engine of the platform. Adding one is a folder here, a folder in <c>engines/</c> and one line below.</summary>
public static class DatabaseEngines
{
    /// <summary>All engines, in the order in which they are shown.</summary>
    public static IReadOnlyList<IDatabaseEngine> All { get; } = [new PostgreSqlEngine()];

    /// <summary>The engine of that name (exact, lower case), or null.</summary>
    public static IDatabaseEngine? Find(string name) =>
        All.FirstOrDefault(engine => string.Equals(engine.Name, name, StringComparison.Ordinal));
}
