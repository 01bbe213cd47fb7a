using System.Diagnostics;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Terraform;

/// <summary>The binary users get: published ahead of time, without a warning, and driven by the real terraform.</summary>
[Trait("Needs", "engine")]
public sealed class NativeBinaryTests
{
    [Fact]
    public async Task Given_the_native_binary_when_applied_and_destroyed_then_it_behaves_as_the_built_one()
    {
        var folder = await PublishedAsync();
        await using var control = await FakeControl.StartAsync();
        using var terraform = new TerraformFolder(
            control,
            "resource \"dbaas_database_instance\" \"orders\" {\n name = \"orders\"\n engine = \"postgresql\"\n deletion_protection = false\n}",
            folder
        );
        await terraform.ApplyAsync();
        await terraform.AssertEmptyPlanAsync();
        await terraform.SucceedAsync("destroy", "-auto-approve", "-no-color");
        Assert.Empty(control.Instances);
    }

    /// <summary>A binary published earlier (DBAAS_PUBLISHED or artifacts/publish), else one published now.</summary>
    internal static async Task<string> PublishedAsync()
    {
        var root = TerraformFolder.RepositoryRoot();
        string[] known =
        [
            TerraformFolder.Published ?? "",
            Path.Combine(root, "artifacts/publish/provider"),
        ];
        if (
            known.FirstOrDefault(folder =>
                folder.Length > 0 && File.Exists(Path.Combine(folder, "terraform-provider-dbaas"))
            ) is
            { } there
        )
        {
            return there;
        }

        using var publish = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [
                    "publish",
                    Path.Combine(root, "provider/Dbaas.Provider"),
                    "-c",
                    "Release",
                    "-r",
                    "linux-x64",
                    "-o",
                    known[1],
                ]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var output = await publish.StandardOutput.ReadToEndAsync(
            TestContext.Current.CancellationToken
        );
        await publish.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(publish.ExitCode == 0, output);
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        return known[1];
    }
}
