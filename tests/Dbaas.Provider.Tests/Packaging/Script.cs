using System.Diagnostics;
using Dbaas.Provider.Tests.Terraform;

namespace Dbaas.Provider.Tests.Packaging;

/// <summary>Runs a program and insists on its success.</summary>
internal static class Script
{
    /// <summary>What it wrote to its output.</summary>
    public static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? variables = null
    )
    {
        var (exit, output, errors) = await TryAsync(program, arguments, variables);
        Assert.True(exit == 0, $"{program}: {output}{errors}");
        return output;
    }

    public static async Task<(int Exit, string Output, string Errors)> TryAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? variables = null
    )
    {
        // A script of ours by its path in the repository, anything else by its name.
        var file = program.Contains('/', StringComparison.Ordinal)
            ? Path.Combine(TerraformFolder.RepositoryRoot(), program)
            : program;
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = TerraformFolder.RepositoryRoot(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }

    public static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
