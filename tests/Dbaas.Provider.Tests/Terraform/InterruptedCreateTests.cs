using System.Diagnostics;
using System.Globalization;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Terraform;

public sealed class InterruptedCreateTests : IAsyncLifetime
{
    private const string Instance = """
        resource "dbaas_database_instance" "orders" {
          name   = "orders"
          engine = "postgresql"
          cpu    = 2
        }
        """;

    private FakeControl control = null!;

    public async ValueTask InitializeAsync() => control = await FakeControl.StartAsync();

    public ValueTask DisposeAsync() => control.DisposeAsync();

    [Fact]
    public async Task Given_the_provider_is_killed_during_a_create_when_applied_again_then_the_same_instance_is_taken_up()
    {
        control.CreateGate = new TaskCompletionSource(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        using var folder = new TerraformFolder(control, Instance);
        using var terraform = folder.Start("apply", "-auto-approve", "-no-color");
        await UntilAsync(() => control.Instances.Count == 1);
        Process.GetProcessById(ProviderOf(terraform.Id)).Kill();
        var killed = await TerraformFolder.FinishAsync(terraform);
        Assert.NotEqual(0, killed.ExitCode);
        var id = control.Only.Id;
        Assert.False(control.Only.Acknowledged);

        control.CreateGate.SetResult();
        await folder.ApplyAsync();
        Assert.Equal(id, control.Only.Id);
        Assert.True(control.Only.Acknowledged);
        Assert.Contains(id, folder.State, StringComparison.Ordinal);
        await folder.AssertEmptyPlanAsync();
    }

    [Fact]
    public async Task Given_ctrl_c_during_a_create_when_applied_again_then_the_same_instance_is_taken_up_with_the_new_inputs()
    {
        control.CreateGate = new TaskCompletionSource(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        using var folder = new TerraformFolder(control, Instance);
        using var terraform = folder.Start("apply", "-auto-approve", "-no-color");
        await UntilAsync(() => control.Instances.Count == 1);
        using (
            var interrupt = Process.Start(
                "kill",
                ["-INT", terraform.Id.ToString(CultureInfo.InvariantCulture)]
            )
        )
        {
            await interrupt.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var stopped = await TerraformFolder.FinishAsync(terraform);
        Assert.NotEqual(0, stopped.ExitCode);
        Assert.Contains("it takes up what was", stopped.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("tainted", folder.State, StringComparison.Ordinal);

        control.CreateGate.SetResult();
        folder.Write(Instance.Replace("cpu    = 2", "cpu    = 4", StringComparison.Ordinal));
        await folder.ApplyAsync();
        Assert.Equal(4, (double?)control.Only.Inputs["cpu"]);
        await folder.AssertEmptyPlanAsync();
    }

    private static int ProviderOf(int terraform)
    {
        foreach (
            var folder in Directory
                .EnumerateDirectories("/proc")
                .Where(path => int.TryParse(Path.GetFileName(path), out _))
        )
        {
            var stat = StatOf(folder);
            if (
                stat[(stat.LastIndexOf(')') + 1)..].Split(' ') is [_, _, var parent, ..]
                && parent == terraform.ToString(CultureInfo.InvariantCulture)
            )
            {
                return int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException("terraform runs no provider");
    }

    /// <summary>Empty for a process that has ended since it was listed; looking first whether it is there would only make that rarer.</summary>
    private static string StatOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "stat"));
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(50, deadline.Token);
        }
    }
}
