namespace Dbaas.Engines;

/// <summary>
/// Every engine of the platform: the build finds <c>FOLDER/FOLDEREngine.cs</c>. Adding one is a folder here and a folder in
/// <c>engines/</c> (docs/adding-an-engine.md).
/// </summary>
public static partial class DatabaseEngines
{
    /// <summary>All engines, by name.</summary>
    public static IReadOnlyList<IDatabaseEngine> All { get; } =
    [.. Found().OrderBy(engine => engine.Name, StringComparer.Ordinal)];

    /// <summary>The engine of that name (exact, lower case), or null.</summary>
    public static IDatabaseEngine? Find(string name) =>
        All.FirstOrDefault(engine => string.Equals(engine.Name, name, StringComparison.Ordinal));

    private static partial IDatabaseEngine[] Found();
}
