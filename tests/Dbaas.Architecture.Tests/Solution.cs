using System.Reflection;

namespace Dbaas.Architecture.Tests;

/// <summary>Our assemblies. `dbaas` is the command line.</summary>
internal static class Solution
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "Dbaas.Client",
        "Dbaas.Schema",
        "Dbaas.Protocol",
        "Dbaas.Engines",
        "Dbaas.Provider",
        "Dbaas.Control",
        "Dbaas.Host",
        "Dbaas.Agent",
        "Dbaas.LocalKms",
        "dbaas",
        "Dbaas.Supervisor",
    ];

    public static Assembly Load(string name) =>
        Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));

    public static IEnumerable<Type> OurTypes(Assembly assembly) =>
        LoadableTypes(assembly)
            .Where(type =>
                type.Namespace?.StartsWith("Dbaas.", StringComparison.Ordinal) == true
                && !type.Name.Contains('<', StringComparison.Ordinal)
            );

    private static IEnumerable<Type> LoadableTypes(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            return exception.Types.OfType<Type>();
        }
    }
}
