using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;
using Dbaas.Provider.Tests.Terraform;
using Dbaas.Schema;

namespace Dbaas.Provider.Tests.Examples;

/// <summary>The examples in other languages: they fit the schema, and the dynamic provider does what it shows.</summary>
public sealed class ExampleTests
{
    [Fact]
    public async Task Given_the_typescript_example_when_compiled_against_the_schemas_types_then_it_fits()
    {
        using var example = await NodeExample.CopyAsync("pulumi-typescript");
        var package = Path.Combine(example.Modules, NodeExample.Scope, "dbaas");
        Directory.CreateDirectory(package);
        await File.WriteAllTextAsync(
            Path.Combine(package, "index.d.ts"),
            GeneratedTypes.Of(PackageSchema.Embedded),
            TestContext.Current.CancellationToken
        );
        await example.CompileAsync();
    }

    [Fact]
    public async Task Given_the_dynamic_provider_when_driven_through_a_life_and_another_of_the_same_name_then_each_call_does_what_it_says()
    {
        await using var control = await FakeControl.StartAsync();
        using var example = await NodeExample.CopyAsync("pulumi-dynamic");
        await example.CompileAsync();
        var inputs = Inputs(cpu: 1);
        var check = await example.CallAsync(control, "check", new JsonObject(), inputs);
        Assert.Empty(check!["failures"]!.AsArray());
        var wrong = Inputs(cpu: 1);
        wrong["region"] = "mars";
        check = await example.CallAsync(control, "check", new JsonObject(), wrong);
        Assert.Equal("region", (string?)Assert.Single(check!["failures"]!.AsArray())!["property"]);

        var created = await example.CallAsync(control, "create", inputs);
        var id = (string)created!["id"]!;
        Assert.Equal(control.Only.Id, id);
        Assert.True(control.Only.Acknowledged);
        var outputs = created["outs"]!;
        Assert.Equal("127.101.0.5", (string?)outputs["endpoint"]!["host"]);
        var read = await example.CallAsync(control, "read", id, outputs);
        Assert.Equal(id, (string?)read!["id"]);
        var diff = await example.CallAsync(control, "diff", id, outputs, Inputs(cpu: 4));
        Assert.True((bool)diff!["changes"]!);
        await example.CallAsync(control, "update", id, outputs, Inputs(cpu: 4));
        Assert.Equal(4, (double)control.Only.Inputs["cpu"]!);

        example.Variables["DBAAS_TENANT"] = "shpo";
        control.Tenants = ["shop"];
        Assert.Contains(
            "tenant.not_found",
            await example.RefusalAsync(control, "read", id, outputs),
            StringComparison.Ordinal
        );
        example.Variables.Clear();

        Assert.Contains(
            "instance.deletion_protected",
            await example.RefusalAsync(control, "delete", id, outputs),
            StringComparison.Ordinal
        );
        control.Only.Inputs["deletionProtection"] = false;
        await example.CallAsync(control, "delete", id, outputs);
        Assert.Empty(control.Instances);
        await example.CallAsync(control, "delete", id, outputs);
        Assert.Equal("", (string?)(await example.CallAsync(control, "read", id, outputs))!["id"]);

        // Of the same name, on the same day, with other inputs.
        var second = await example.CallAsync(control, "create", Inputs(cpu: 2));
        Assert.NotEqual(id, (string?)second!["id"]);
        Assert.Equal(2, (double)control.Only.Inputs["cpu"]!);
    }

    [Fact]
    public async Task Given_the_dynamic_provider_is_killed_in_a_create_when_run_again_then_the_same_instance_is_taken_up_with_the_new_inputs()
    {
        await using var control = await FakeControl.StartAsync();
        control.CreateGate = new TaskCompletionSource(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        using var example = await NodeExample.CopyAsync("pulumi-dynamic");
        await example.CompileAsync();
        using (var first = example.Begin(control, "create", Inputs(cpu: 1)))
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (control.Instances.IsEmpty)
            {
                await Task.Delay(50, deadline.Token);
            }

            first.Kill();
            await first.WaitForExitAsync(deadline.Token);
        }

        var id = control.Only.Id;
        Assert.False(control.Only.Acknowledged);
        control.CreateGate.SetResult();
        var created = await example.CallAsync(control, "create", Inputs(cpu: 2));
        Assert.Equal(id, (string?)created!["id"]);
        Assert.Equal(id, control.Only.Id);
        Assert.True(control.Only.Acknowledged);
        Assert.Equal(2, (double)control.Only.Inputs["cpu"]!);
    }

    [Fact]
    public async Task Given_the_python_example_when_parsed_then_its_syntax_is_right()
    {
        var file = Path.Combine(
            TerraformFolder.RepositoryRoot(),
            "examples/pulumi-python/__main__.py"
        );
        Process python;
        try
        {
            python = Process.Start(
                new ProcessStartInfo(
                    "python3",
                    ["-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())", file]
                )
                {
                    RedirectStandardError = true,
                }
            )!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("Python is not installed on this machine.");
            throw;
        }

        using (python)
        {
            var errors = await python.StandardError.ReadToEndAsync(
                TestContext.Current.CancellationToken
            );
            await python.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(python.ExitCode == 0, errors);
        }
    }

    private static JsonObject Inputs(int cpu) =>
        new()
        {
            ["name"] = "orders-dynamic",
            ["engine"] = "postgresql",
            ["engineVersion"] = "18",
            ["region"] = "local-a",
            ["cpu"] = cpu,
            ["memoryGib"] = 1,
            ["storageGib"] = 5,
            ["allowedCidrs"] = new JsonArray("127.0.0.0/8"),
            ["databases"] = new JsonArray("orders"),
            ["deletionProtection"] = true,
        };
}
