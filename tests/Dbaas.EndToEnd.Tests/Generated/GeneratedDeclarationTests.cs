using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;
using Dbaas.EndToEnd.Tests.Harness.Simulated;
using Dbaas.EndToEnd.Tests.Interrupted;

namespace Dbaas.EndToEnd.Tests.Generated;

/// <summary>
/// Drawn declarations through both protocols against the real service on simulated machines. Whatever is declared: the service holds
/// it, nothing is left to change, nothing is replaced. Through Pulumi also: a check of what was checked changes nothing, the preview
/// said what then came, and what went in secret is secret in every answer (<see cref="PulumiTool"/> insists on these).
/// </summary>
[Collection(typeof(OneSimulation))]
public sealed class GeneratedDeclarationTests(SharedSimulation shared)
{
    private const int Changes = 4;
    private const int AtOnce = 2;

    [Theory]
    [InlineData("terraform", 7_000)]
    [InlineData("pulumi", 8_000)]
    public async Task Given_drawn_declarations_when_applied_one_after_the_other_then_each_is_held_and_nothing_is_left_to_change(
        string tool,
        int seed
    )
    {
        var lives = Extent.IsWhole ? 8 : 2;
        var platform = await shared.RunningAsync();
        var key = await platform.TenantAsync($"drawn-{tool}", lives * 4);
        using var rest = platform.Rest(key);
        await Parallel.ForAsync(
            0,
            lives,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = AtOnce,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (life, _) =>
            {
                var name = $"drawn-{tool}-{life + 1}";
                await using ITool opened =
                    tool == "terraform"
                        ? await TerraformTool.OpenAsync(platform.Environment(key))
                        : new PulumiTool(platform.Environment(key), name, refreshes: true);
                await LiveAsync(
                    opened,
                    rest,
                    name,
                    life % 2 == 0 ? "postgresql" : "mysql",
                    seed + life
                );
            }
        );
        Assert.Empty((await rest.GetAsync("/v1/instances"))["items"]!.AsArray());
    }

    private static async Task LiveAsync(
        ITool tool,
        RestClient rest,
        string name,
        string engine,
        int seed
    )
    {
        var draw = new DeclarationDraw(seed);
        JsonObject? before = null;
        for (var turn = 0; turn <= Changes; turn++)
        {
            var plain = draw.Next(name, engine, before);
            var declared = tool is PulumiTool ? draw.WithSecrets(plain) : plain;
            try
            {
                await ApplyAsync(tool, rest, name, declared, plain);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException(
                    $"seed {seed}, turn {turn}: {failure.Message}\nbefore {before?.ToJsonString()}\ndeclared {declared.ToJsonString()}",
                    failure
                );
            }

            before = plain;
        }

        var unprotected = (JsonObject)before!.DeepClone();
        unprotected["deletionProtection"] = false;
        await ApplyAsync(tool, rest, name, unprotected, unprotected);
        await tool.RunAsync(null);
        Assert.Equal("", await tool.DifferencesAsync(null));
    }

    private static async Task ApplyAsync(
        ITool tool,
        RestClient rest,
        string name,
        JsonObject declared,
        JsonObject plain
    )
    {
        await tool.RunAsync(declared);
        Assert.Equal("", await tool.DifferencesAsync(declared));
        var held = Assert.Single(await rest.InstancesAsync(name));
        Assert.Equal("available", (string)held["status"]!);
        foreach (var (input, value) in plain)
        {
            Assert.True(
                Same(value!, held[input]!),
                $"{input} was declared {value!.ToJsonString()} and is {held[input]?.ToJsonString()}"
            );
        }
    }

    /// <summary>Lists of a declaration are sets.</summary>
    private static bool Same(JsonNode declared, JsonNode held) =>
        declared is JsonArray list
            ? list.Select(Text)
                .Order(StringComparer.Ordinal)
                .SequenceEqual(held.AsArray().Select(Text).Order(StringComparer.Ordinal))
            : JsonNode.DeepEquals(declared, held);

    private static string Text(JsonNode? item) => (string)item!;
}
