using System.Reflection;

namespace Dbaas.Architecture.Tests;

/// <summary>Our projects. `dbaas` is the command line.</summary>
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

    /// <summary>Programs that are found by name carry that name; everything else is called like its project.</summary>
    private static string AssemblyOf(string project) =>
        project switch
        {
            "Dbaas.Provider" => "terraform-provider-dbaas",
            "Dbaas.Agent" => "dbaas-agent",
            _ => project,
        };

    public static Assembly Load(string project) =>
        Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, $"{AssemblyOf(project)}.dll"));

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
