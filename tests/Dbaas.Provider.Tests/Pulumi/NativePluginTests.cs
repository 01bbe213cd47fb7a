using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;
using Dbaas.Provider.Tests.Terraform;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>The binary users get, under the name Pulumi calls it by.</summary>
[Trait("Needs", "engine")]
public sealed class NativePluginTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Given_the_native_binary_under_pulumis_name_when_driven_then_it_serves_and_stays_small()
    {
        var published = await NativeBinaryTests.PublishedAsync();
        var folder = Directory.CreateTempSubdirectory("dbaas-plugin-");
        var program = Path.Combine(folder.FullName, "pulumi-resource-dbaas");
        File.CreateSymbolicLink(program, Path.Combine(published, "terraform-provider-dbaas"));
        await using var control = await FakeControl.StartAsync();

        // Started by hand: no address of an engine, and the name alone says which protocol.
        await using (var alone = await PulumiEngine.StartAsync(control, program, []))
        {
            await alone.AnswerAsync("attach", new() { ["address"] = "127.0.0.1:1" });
        }

        await using var engine = await PulumiEngine.ConfiguredAsync(control, program);
        var created = await engine.ResourceAsync(
            "create",
            new()
            {
                ["properties"] = new JsonObject { ["name"] = "orders", ["engine"] = "postgresql" },
            }
        );
        Assert.Equal(control.Only.Id, (string?)created["id"]);
        await engine.AnswerAsync("getSchema", new() { ["version"] = 0 });
        var facts = await engine.FactsAsync();
        var resident = File.ReadLines(
                string.Create(CultureInfo.InvariantCulture, $"/proc/{(int)facts["pid"]!}/status")
            )
            .Single(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        output.WriteLine(
            $"port line after {facts["startMilliseconds"]} ms, peak resident {resident}"
        );
        var kib = int.Parse(
            resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        );
        // Twice the goal: a fault of kind, not of degree.
        Assert.True(kib < 60 * 1024, resident);
        var end = await engine.EndAsync("SIGINT");
        Assert.Equal(0, (int)end["code"]!);
        folder.Delete(recursive: true);
    }
}
