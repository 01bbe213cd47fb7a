using System.Reflection;
using System.Text.RegularExpressions;

namespace Dbaas.Architecture.Tests;

/// <summary>Our projects. `dbaas` is the command line.</summary>
internal static partial class Solution
{
    /// <summary>Every project below provider/, as the solution lists it.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Project()
            .Matches(Repository.Read("Dbaas.Provider.sln"))
            .Select(match => match.Groups[1].Value)
            .Select(project => project == "Dbaas.Cli" ? "dbaas" : project),
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

    [GeneratedRegex(@"""provider\\([\w.]+)\\[\w.]+\.csproj""")]
    private static partial Regex Project();
}
