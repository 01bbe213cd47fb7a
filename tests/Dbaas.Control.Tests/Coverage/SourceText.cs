using System.Runtime.CompilerServices;

namespace Dbaas.Control.Tests.Coverage;

/// <summary>The checkout these tests were built from.</summary>
internal static class SourceText
{
    public static string Root { get; } = Find();

    /// <summary>C# sources below a folder of the repository by their path, without what the build makes and without migrations.</summary>
    public static IReadOnlyDictionary<string, string> Below(string folder) =>
        Directory
            .GetFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file =>
                !file.Contains("/obj/", StringComparison.Ordinal)
                && !file.Contains("/bin/", StringComparison.Ordinal)
                && !file.Contains("/Migrations/", StringComparison.Ordinal)
            )
            .ToDictionary(file => Path.GetRelativePath(Root, file), File.ReadAllText);

    /// <summary>What is checked in must be this. With DBAAS_UPDATE_DOCS=1 it is written instead.</summary>
    public static void Same(string path, string text)
    {
        var file = Path.Combine(Root, path);
        if (Environment.GetEnvironmentVariable("DBAAS_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(file, text);
        }

        Assert.True(
            File.Exists(file) && File.ReadAllText(file) == text,
            $"{path} is not what the code says. Run the tests once with DBAAS_UPDATE_DOCS=1 and read the difference."
        );
    }

    private static string Find([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../.."));
}
