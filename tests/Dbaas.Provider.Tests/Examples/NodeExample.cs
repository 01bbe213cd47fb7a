using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;
using Dbaas.Provider.Tests.Pulumi;
using Dbaas.Provider.Tests.Terraform;

namespace Dbaas.Provider.Tests.Examples;

/// <summary>A copy of a TypeScript example beside the npm packages it needs.</summary>
internal sealed class NodeExample : IDisposable
{
    public const string Scope = "@pulumi";
    private readonly string root = Directory.CreateTempSubdirectory("dbaas-example-").FullName;
    private string modules = "";

    private NodeExample() { }

    public string Modules => Path.Combine(root, "node_modules");

    /// <param name="name">Its folder below examples.</param>
    public static async Task<NodeExample> CopyAsync(string name)
    {
        var example = new NodeExample { modules = await PulumiClient.ModulesAsync() };
        var source = Path.Combine(TerraformFolder.RepositoryRoot(), "examples", name);
        foreach (var file in Directory.EnumerateFiles(source))
        {
            File.Copy(file, Path.Combine(example.root, Path.GetFileName(file)));
        }

        // A folder of links: a test may add a package of its own.
        Directory.CreateDirectory(example.Modules);
        foreach (var package in Directory.EnumerateFileSystemEntries(example.modules))
        {
            var link = Path.Combine(example.Modules, Path.GetFileName(package));
            if (Path.GetFileName(package) == Scope)
            {
                Directory.CreateDirectory(link);
                Directory.CreateSymbolicLink(
                    Path.Combine(link, "pulumi"),
                    Path.Combine(package, "pulumi")
                );
            }
            else
            {
                Directory.CreateSymbolicLink(link, package);
            }
        }

        return example;
    }

    /// <summary>Type-checks and compiles.</summary>
    public async Task CompileAsync()
    {
        var (exit, output) = await RunAsync(
            Start(
                Path.Combine(modules, "typescript", "bin", "tsc"),
                ["--project", root],
                control: null
            )
        );
        Assert.True(exit == 0, output);
    }

    /// <summary>Begins a call of a method of the dynamic provider.</summary>
    public Process Begin(FakeControl control, string method, params JsonNode?[] arguments) =>
        Process.Start(
            Start(
                Path.Combine(PulumiClient.Folder, "dynamic.js"),
                [
                    Path.Combine(root, "bin", "restInstance.js"),
                    method,
                    new JsonArray([.. arguments.Select(one => one?.DeepClone())]).ToJsonString(),
                ],
                control
            )
        )!;

    /// <summary>The method's answer; null for nothing.</summary>
    public async Task<JsonNode?> CallAsync(
        FakeControl control,
        string method,
        params JsonNode?[] arguments
    )
    {
        var result = await EndAsync(Begin(control, method, arguments));
        Assert.True(result["error"] is null, $"{method}: {result["error"]}");
        return result["answer"]?.DeepClone();
    }

    /// <summary>Why the method failed.</summary>
    public async Task<string> RefusalAsync(
        FakeControl control,
        string method,
        params JsonNode?[] arguments
    )
    {
        var result = await EndAsync(Begin(control, method, arguments));
        Assert.True(result["error"] is not null, $"{method} answered {result.ToJsonString()}");
        return (string)result["error"]!;
    }

    public Dictionary<string, string> Variables { get; } = [];

    public void Dispose() => Directory.Delete(root, recursive: true);

    private static async Task<JsonObject> EndAsync(Process process)
    {
        using (process)
        {
            var output = await process.StandardOutput.ReadToEndAsync();
            var errors = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return JsonNode.Parse(output)?.AsObject() ?? throw new IOException(errors);
        }
    }

    private static async Task<(int Exit, string Output)> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    private ProcessStartInfo Start(string script, string[] arguments, FakeControl? control)
    {
        var start = new ProcessStartInfo("node", [script, .. arguments])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (control is not null)
        {
            start.Environment["DBAAS_ENDPOINT"] = control.Endpoint;
            start.Environment["DBAAS_CA_FILE"] = control.CaFile;
            start.Environment["DBAAS_API_KEY"] = FakeControl.ApiKey;
            start.Environment.Remove("DBAAS_TENANT");
        }

        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
