using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Interrupted;

/// <summary>The real Terraform and its state file.</summary>
internal sealed class TerraformTool : ITool
{
    private const string Plan = "next.tfplan";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TerraformWorkspace terraform;

    private TerraformTool(TerraformWorkspace terraform) => this.terraform = terraform;

    public TimeSpan Worked { get; private set; }

    public static async Task<TerraformTool> OpenAsync(IReadOnlyDictionary<string, string> service)
    {
        var tool = new TerraformTool(new TerraformWorkspace(service));
        tool.Write(null);
        await tool.terraform.InitAsync();
        return tool;
    }

    public async Task RunAsync(JsonObject? declared)
    {
        await PlanAsync(declared);
        using var apply = terraform.Start("apply", "-no-color", Plan);
        var end = apply.EndAsync(Patience);
        _ = await ProviderAsync(apply, end);
        var began = Stopwatch.GetTimestamp();
        (await end).Succeeded();
        Worked = Stopwatch.GetElapsedTime(began);
    }

    public async Task InterruptAsync(JsonObject? declared, KillVictim victim, TimeSpan after)
    {
        // Planned before: what is interrupted then is the work and not the reading.
        await PlanAsync(declared);
        using var apply = terraform.Start("apply", "-no-color", Plan);
        var end = apply.EndAsync(Patience);
        var provider = await ProviderAsync(apply, end);
        await Task.WhenAny(end, Task.Delay(after, TestContext.Current.CancellationToken));
        ProcessTable.Kill(victim == KillVictim.Provider ? provider : apply.ProcessId);
        await end;
        await Eventually.HoldsAsync(
            () => Task.FromResult(provider == 0 || !ProcessTable.IsAlive(provider)),
            TimeSpan.FromSeconds(30),
            "the provider of a killed Terraform ends by itself"
        );
    }

    public async Task<string> DifferencesAsync(JsonObject? declared)
    {
        Write(declared);
        var plan = await terraform.RunAsync("plan", "-detailed-exitcode", "-no-color");
        Assert.True(plan.ExitCode is 0 or 2, plan.All);
        return plan.ExitCode == 0 ? "" : plan.Output;
    }

    public ValueTask DisposeAsync()
    {
        terraform.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Write(JsonObject? declared) =>
        terraform.WriteJson(TerraformJson.Configuration(declared ?? []));

    private async Task PlanAsync(JsonObject? declared)
    {
        Write(declared);
        (await terraform.RunAsync("plan", "-no-color", "-out", Plan)).Succeeded();
    }

    /// <summary>The provider that works for this Terraform; 0 when it has ended before it was seen.</summary>
    private static async Task<int> ProviderAsync(Command apply, Task end)
    {
        var provider = 0;
        while (provider == 0 && !end.IsCompleted)
        {
            provider = ProcessTable
                .Where(pid =>
                    ProcessTable.Parent(pid) == apply.ProcessId
                    && Path.GetFileName(ProcessTable.Program(pid))
                        .StartsWith("terraform-provider-dbaas", StringComparison.Ordinal)
                )
                .FirstOrDefault();
            await Task.WhenAny(end, Task.Delay(Look));
        }

        return provider;
    }
}
