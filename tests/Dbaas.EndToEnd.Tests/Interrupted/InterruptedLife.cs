using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Interrupted;

/// <summary>A database that is created, changed and destroyed through one tool.</summary>
internal sealed class InterruptedLife(ITool tool, RestClient rest, string name, JsonObject inputs)
{
    /// <summary>How long each kind of operation takes when nobody dies.</summary>
    public async Task<IReadOnlyDictionary<string, TimeSpan>> RehearseAsync()
    {
        var times = new Dictionary<string, TimeSpan>();
        foreach (var kind in KillMoment.Kinds)
        {
            await tool.RunAsync(Declared(kind));
            await IsAsDeclaredAsync(kind);
            times[kind] = tool.Worked;
        }

        return times;
    }

    /// <summary>One operation, to its end.</summary>
    public Task RunAsync(string kind) => tool.RunAsync(Declared(kind));

    /// <summary>Each operation is killed once and run again; a failure names the kill.</summary>
    public async Task LiveAsync(
        IReadOnlyList<KillMoment> kills,
        IReadOnlyDictionary<string, TimeSpan> times
    )
    {
        foreach (var kill in kills)
        {
            try
            {
                var declared = Declared(kill.Kind);
                await tool.InterruptAsync(declared, kill.Victim, times[kill.Kind] * kill.Part);
                await tool.RunAsync(declared);
                await IsAsDeclaredAsync(kill.Kind);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{name}, {kill}: {failure.Message}", failure);
            }
        }
    }

    private JsonObject? Declared(string kind)
    {
        if (kind == "delete")
        {
            return null;
        }

        var declared = (JsonObject)inputs.DeepClone();
        if (kind == "update")
        {
            declared["cpu"] = (double)inputs["cpu"]! * 2;
            declared["tags"] = new JsonObject { ["team"] = "shop" };
        }

        return declared;
    }

    /// <summary>There is what the operation was to make, once, and nothing is left to do.</summary>
    public async Task IsAsDeclaredAsync(string kind)
    {
        var declared = Declared(kind);
        var differences = await tool.DifferencesAsync(declared);
        Assert.True(differences.Length == 0, $"Something is left to do: {differences}");
        var there = await rest.InstancesAsync(name);
        if (declared is null)
        {
            Assert.Empty(there);
            return;
        }

        Assert.Equal((double)declared["cpu"]!, (double)Assert.Single(there)["cpu"]!);
        // The change that an interrupted run asked for is taken, so the next has nothing to ask and does not wait for its end.
        await Eventually.BecomesAsync(
            async () => (string)Assert.Single(await rest.InstancesAsync(name))["status"]!,
            status => status == "available",
            TimeSpan.FromSeconds(60),
            $"{name} is available"
        );
    }
}
