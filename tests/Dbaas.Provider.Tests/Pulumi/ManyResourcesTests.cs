using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>What a stack of many resources asks of the control service while nothing changes.</summary>
public sealed class ManyResourcesTests
{
    private const int Count = 600;

    [Fact]
    public async Task Given_many_unchanged_resources_when_previewed_and_refreshed_then_two_pages_and_no_dry_run_are_asked_for()
    {
        await using var control = await FakeControl.StartAsync();
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        var inputs = (
            await engine.ResourceAsync(
                "check",
                new()
                {
                    ["olds"] = new JsonObject(),
                    ["news"] = new JsonObject
                    {
                        ["name"] = "orders",
                        ["engine"] = "postgresql",
                        ["region"] = "local-a",
                        ["engineVersion"] = "18",
                        ["kmsKeyId"] = "key_default",
                        ["allowedCidrs"] = new JsonArray(),
                        ["parameters"] = new JsonObject(),
                        ["databases"] = new JsonArray(),
                        ["tags"] = new JsonObject(),
                    },
                }
            )
        )["inputs"]!.AsObject();
        var existing = Enumerable
            .Range(0, Count)
            .Select(number =>
            {
                var own = (JsonObject)inputs.DeepClone();
                own["name"] = $"orders-{number}";
                return new FakeInstance(own, "run_other", Task.CompletedTask)
                {
                    Acknowledged = true,
                };
            })
            .ToList();
        existing.ForEach(one => control.Instances[one.Id] = one);

        // A preview: the program's inputs against those of the run before.
        foreach (var one in existing.Take(20))
        {
            await engine.ResourceAsync(
                "check",
                new() { ["olds"] = one.Inputs.DeepClone(), ["news"] = one.Inputs.DeepClone() }
            );
            var diff = await engine.ResourceAsync(
                "diff",
                new()
                {
                    ["id"] = one.Id,
                    ["olds"] = one.View(),
                    ["oldInputs"] = one.Inputs.DeepClone(),
                    ["news"] = one.Inputs.DeepClone(),
                }
            );
            Assert.Equal(1, (int)diff["changes"]!);
        }

        Assert.Empty(control.Requests);

        // A refresh: everything at once, as the engine does.
        var read = await Task.WhenAll(
            existing.Select(one =>
                engine.ResourceAsync(
                    "read",
                    new()
                    {
                        ["id"] = one.Id,
                        ["properties"] = one.View(),
                        ["inputs"] = one.Inputs.DeepClone(),
                    }
                )
            )
        );

        Assert.Equal(existing.Select(one => one.Id), read.Select(answer => (string)answer["id"]!));
        Assert.Equal(2, control.Requests.Count(request => request.Contains('?')));
        Assert.InRange(control.Requests.Count, 2, 8);
    }
}
