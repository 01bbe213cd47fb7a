using System.Diagnostics;
using System.Globalization;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Scale;

/// <summary>Terraform in a folder of its own, with an eye on the providers it starts.</summary>
internal sealed class TerraformRun
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly string folder;
    private readonly Dictionary<string, string> variables;

    public TerraformRun(
        string folder,
        string configuration,
        IReadOnlyDictionary<string, string> variables
    )
    {
        Directory.CreateDirectory(folder);
        this.folder = folder;
        File.WriteAllText(Path.Combine(folder, "main.tf"), configuration);
        var settings = Path.Combine(folder, "terraform.rc");
        File.WriteAllText(
            settings,
            $$"""
            disable_checkpoint = true
            provider_installation {
              dev_overrides { "dbaas.internal/dbaas/dbaas" = "{{Path.GetDirectoryName(Program)}}" }
              direct {}
            }
            """
        );
        this.variables = new(variables)
        {
            ["TF_CLI_CONFIG_FILE"] = settings,
            ["TF_IN_AUTOMATION"] = "1",
            ["HOME"] = folder,
            ["DBAAS_ROOT"] = folder,
        };
    }

    public static string Program { get; } =
        Path.Combine(Repository.Published, "provider", "terraform-provider-dbaas");

    /// <summary>Runs to success.</summary>
    public async Task<TerraformFigures> RunAsync(params IReadOnlyList<string> arguments)
    {
        var watch = Stopwatch.StartNew();
        using var terraform = Command.Start("terraform", arguments, variables, folder);
        var end = terraform.EndAsync(Deadline);
        var seen = new Dictionary<int, ProcessMeter>();
        while (!end.IsCompleted)
        {
            foreach (var pid in Children(terraform.ProcessId))
            {
                if (ProcessMeter.Read(pid) is { } meter)
                {
                    seen[pid] = meter;
                }
            }

            await Task.WhenAny(end, Task.Delay(Look));
        }

        var took = watch.Elapsed;
        (await end).Succeeded();
        return new(
            took.TotalSeconds,
            seen.Values.Sum(meter => meter.ProcessorSeconds),
            seen.Values.Select(meter => meter.PeakMib).DefaultIfEmpty().Max()
        );
    }

    /// <summary>The kernel lists them by the thread that started them.</summary>
    private static List<int> Children(int pid)
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateDirectories($"/proc/{pid}/task")
                    .SelectMany(thread =>
                        File.ReadAllText(Path.Combine(thread, "children"))
                            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    )
                    .Select(child => int.Parse(child, CultureInfo.InvariantCulture)),
            ];
        }
        catch (IOException)
        {
            return []; // it, or one of its threads, has just ended
        }
    }
}
