using System.Text.Json.Nodes;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>A folder in which the real Terraform works against one platform, with the freshly built provider from a mirror of its own.</summary>
public sealed class TerraformWorkspace : IDisposable
{
    public const string Version = "0.1.0";
    private readonly string folder = Directory.CreateTempSubdirectory("dbaas-e2e-tf-").FullName;
    private readonly Dictionary<string, string> environment;

    public TerraformWorkspace(Platform platform, string? apiKey = null)
        : this(
            apiKey is null
                ? platform.Environment
                : new Dictionary<string, string>(platform.Environment)
                {
                    ["DBAAS_API_KEY"] = apiKey,
                }
        ) { }

    /// <param name="service">How the provider finds its service, in variables.</param>
    public TerraformWorkspace(IReadOnlyDictionary<string, string> service)
    {
        Assert.SkipWhen(FindTerraform() is null, "Terraform is not installed on this machine.");
        var mirror = Directory.CreateDirectory(
            Path.Combine(folder, "mirror/dbaas.internal/dbaas/dbaas", Version, "linux_amd64")
        );
        File.Copy(
            Path.Combine(Repository.Published, "provider", "terraform-provider-dbaas"),
            Path.Combine(mirror.FullName, $"terraform-provider-dbaas_v{Version}")
        );
        var settings = Path.Combine(folder, "terraform.rc");
        File.WriteAllText(
            settings,
            $$"""
            disable_checkpoint = true
            provider_installation {
              filesystem_mirror {
                path = "{{folder}}/mirror"
              }
            }
            """
        );
        environment = new(service)
        {
            ["TF_CLI_CONFIG_FILE"] = settings,
            ["TF_IN_AUTOMATION"] = "1",
            ["TF_INPUT"] = "0",
        };
    }

    public string Folder => folder;
    public string StateFile => Path.Combine(folder, "terraform.tfstate");

    public void Write(string configuration) =>
        File.WriteAllText(Path.Combine(folder, "main.tf"), configuration);

    /// <summary>The configuration in Terraform's JSON syntax.</summary>
    public void WriteJson(JsonObject configuration) =>
        File.WriteAllText(Path.Combine(folder, "main.tf.json"), configuration.ToJsonString());

    public Command Start(params IReadOnlyList<string> arguments) =>
        Command.Start(FindTerraform()!, arguments, environment, folder);

    public Task<CommandResult> RunAsync(params IReadOnlyList<string> arguments) =>
        Command.RunAsync(
            FindTerraform()!,
            arguments,
            environment,
            folder,
            deadline: TimeSpan.FromMinutes(5)
        );

    public async Task InitAsync() => (await RunAsync("init", "-no-color")).Succeeded();

    public async Task<CommandResult> ApplyAsync() =>
        (await RunAsync("apply", "-auto-approve", "-no-color")).Succeeded();

    /// <summary>Promise 4: a finished apply is followed by an empty plan.</summary>
    public async Task PlanIsEmptyAsync()
    {
        var plan = await RunAsync("plan", "-detailed-exitcode", "-no-color");
        Assert.True(
            plan.ExitCode == 0,
            $"The plan is not empty ({plan.ExitCode}):\n{plan.Output}\n{plan.Error}"
        );
    }

    public async Task<JsonNode> OutputAsync(string name) =>
        JsonNode.Parse((await RunAsync("output", "-json", name)).Succeeded().Output)!;

    public void ForgetState()
    {
        File.Delete(StateFile);
        File.Delete(StateFile + ".backup");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string? FindTerraform() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(entry => Path.Combine(entry, "terraform"))
            .FirstOrDefault(File.Exists);
}
