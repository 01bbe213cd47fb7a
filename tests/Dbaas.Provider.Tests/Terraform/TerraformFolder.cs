using System.Diagnostics;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Terraform;

/// <summary>A temporary folder with a configuration, in which the real terraform runs against our provider.</summary>
internal sealed class TerraformFolder : IDisposable
{
    public const string Header = """
        terraform {
          required_providers {
            dbaas = { source = "dbaas.internal/dbaas/dbaas" }
          }
        }

        """;

    private readonly FakeControl? control;

    public TerraformFolder(
        FakeControl? control,
        string configuration,
        string? providerFolder = null
    )
    {
        this.control = control;
        var provider = providerFolder ?? Path.GetDirectoryName(Provider);
        Directory.CreateDirectory(Root);
        File.WriteAllText(
            Path.Combine(Root, "terraform.rc"),
            $$"""
            disable_checkpoint = true
            provider_installation {
              dev_overrides { "dbaas.internal/dbaas/dbaas" = "{{provider}}" }
              direct {}
            }
            """
        );
        Write(configuration);
    }

    public string Root { get; } =
        Path.Combine(Path.GetTempPath(), $"dbaas-terraform-{Guid.NewGuid():N}");

    /// <summary>Further variables of the environment.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public string State => File.Exists(StateFile) ? File.ReadAllText(StateFile) : "";

    /// <summary>The folder of the provider that was published, when DBAAS_PUBLISHED says where the programs were.</summary>
    public static string? Published { get; } =
        Environment.GetEnvironmentVariable("DBAAS_PUBLISHED") is { Length: > 0 } published
            ? Path.Combine(published, "provider")
            : null;

    /// <summary>
    /// The provider's program: the published one, which users get, or else the one built beside these tests, which spends more of a
    /// core on every start than most tests do on all else.
    /// </summary>
    public static string Provider { get; } =
        Path.Combine(
            Published
                ?? Path.Combine(
                    RepositoryRoot(),
                    "provider/Dbaas.Provider/bin",
                    Configuration(),
                    "net10.0"
                ),
            "terraform-provider-dbaas"
        );

    private static bool IsInstalled { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, "terraform")));

    private string StateFile => Path.Combine(Root, "terraform.tfstate");

    public void Write(string configuration) =>
        File.WriteAllText(Path.Combine(Root, "main.tf"), Header + configuration);

    public async Task<TerraformResult> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await FinishAsync(process);
    }

    /// <summary>Runs and insists on success.</summary>
    public async Task<string> SucceedAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(
            result.ExitCode == 0,
            $"terraform {string.Join(' ', arguments)}: {result.Output}"
        );
        return result.Output;
    }

    public Task<string> ApplyAsync() => SucceedAsync("apply", "-auto-approve", "-no-color");

    public async Task AssertEmptyPlanAsync()
    {
        var result = await RunAsync("plan", "-no-color", "-detailed-exitcode");
        Assert.True(result.ExitCode == 0, $"The plan is not empty: {result.Output}");
    }

    public Process Start(params string[] arguments)
    {
        Assert.SkipUnless(IsInstalled, "Terraform is not installed on this machine.");
        var start = new ProcessStartInfo("terraform", arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["TF_CLI_CONFIG_FILE"] = Path.Combine(Root, "terraform.rc");
        start.Environment["TF_IN_AUTOMATION"] = "1";
        start.Environment["DBAAS_ROOT"] = Root;
        start.Environment["HOME"] = Root;
        start.Environment.Remove("DBAAS_REGION");
        if (control is not null)
        {
            start.Environment["DBAAS_ENDPOINT"] = control.Endpoint;
            start.Environment["DBAAS_CA_FILE"] = control.CaFile;
            start.Environment["DBAAS_API_KEY"] = FakeControl.ApiKey;
        }

        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public static async Task<TerraformResult> FinishAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new TerraformResult(process.ExitCode, await output + await error);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    internal static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "schema.json")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new DirectoryNotFoundException(
                "The repository's root was not found above the tests."
            );
    }

    private static string Configuration() =>
        new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}

/// <param name="Output">Both streams.</param>
internal sealed record TerraformResult(int ExitCode, string Output)
{
    /// <summary>The output as one line: terraform breaks lines where its window ends.</summary>
    public string Words =>
        string.Join(
            ' ',
            Output.Split((char[])[' ', '\n', '│'], StringSplitOptions.RemoveEmptyEntries)
        );
}
