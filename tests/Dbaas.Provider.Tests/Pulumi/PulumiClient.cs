using System.Diagnostics;
using System.Security.Cryptography;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>Pulumi's npm package, installed once a machine outside the repository. Tests are skipped where Node.js or the registry is missing.</summary>
internal static class PulumiClient
{
    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    public static string Folder { get; } =
        Path.Combine(RepositoryRoot(), "tests/Dbaas.Provider.Tests/Pulumi/client");

    /// <summary>The folder of its modules.</summary>
    public static async Task<string> ModulesAsync()
    {
        try
        {
            return await Installed.Value;
        }
        catch (Exception error) when (error is IOException or System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"Pulumi's npm package cannot be installed here: {error.Message}");
            throw;
        }
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "schema.json")))
        {
            folder =
                folder.Parent
                ?? throw new DirectoryNotFoundException("The tests run outside a checkout.");
        }

        return folder.FullName;
    }

    private static async Task<string> InstallAsync()
    {
        var lockFile = Path.Combine(Folder, "package-lock.json");
        var hash = Convert.ToHexStringLower(
            SHA256.HashData(await File.ReadAllBytesAsync(lockFile))
        )[..12];
        var home = Path.Combine(Path.GetTempPath(), $"dbaas-pulumi-client-{hash}");
        var modules = Path.Combine(home, "node_modules");
        if (Directory.Exists(modules))
        {
            return modules;
        }

        // Installed beside and renamed: another test run may do the same at this moment.
        var fresh = $"{home}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(fresh);
        foreach (var file in new[] { "package.json", "package-lock.json" })
        {
            File.Copy(Path.Combine(Folder, file), Path.Combine(fresh, file));
        }

        using var npm = Process.Start(
            new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            {
                WorkingDirectory = fresh,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var said = npm.StandardError.ReadToEndAsync();
        await npm.StandardOutput.ReadToEndAsync();
        await npm.WaitForExitAsync();
        if (npm.ExitCode != 0)
        {
            throw new IOException(await said);
        }

        try
        {
            Directory.Move(fresh, home);
        }
        catch (IOException) when (Directory.Exists(modules))
        {
            Directory.Delete(fresh, recursive: true);
        }

        return modules;
    }
}
