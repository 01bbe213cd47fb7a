namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>Where the checkout and what was built from it lie.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Published { get; } =
        Environment.GetEnvironmentVariable("DBAAS_PUBLISHED") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Root, "artifacts", "publish");

    /// <summary>Images are built once and shared by all installations of the tests; no machine writes to its image.</summary>
    public static string ImageStore { get; } =
        Environment.GetEnvironmentVariable("DBAAS_IMAGE_STORE") is { Length: > 0 } folder
            ? folder
            : "/var/tmp/dbaas-images";

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Dbaas.Provider.sln")))
        {
            folder =
                folder.Parent
                ?? throw new InvalidOperationException("The tests run outside a checkout.");
        }

        return folder.FullName;
    }
}
