using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Faults.Writers;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>What one case works on: the platform, the database that is struck, and its writer.</summary>
internal sealed record Scene(
    Platform Platform,
    RestClient Rest,
    Units Units,
    Instances Instances,
    Database Victim,
    SteadyWriter Writer,
    Random Chance
)
{
    /// <summary>Bound for things that the list gives long times, so that a run fits its limit: 10 minutes become this.</summary>
    public TimeSpan Long { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether a fault of the case ends the engine; the proof of another cannot insist then that it lived on.</summary>
    public bool EngineEnds { get; init; }

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public Task<JsonNode> InstanceAsync() => Instances.GetAsync(Victim.Name);

    /// <summary>Why the database is not quite well, as the platform says; empty when it is.</summary>
    public async Task<string> ReasonAsync() =>
        (string?)(await InstanceAsync())["statusReason"] ?? "";

    /// <summary>Begins a change that needs no restart and interrupts nobody.</summary>
    public async Task<(string Operation, string Value)> BeginChangeAsync()
    {
        var engine = Victim.Engine;
        var current = (string?)(await InstanceAsync())["parameters"]?[engine.Parameter];
        var value = current == engine.Value ? engine.OtherValue : engine.Value;
        var operation = await Instances.BeginPatchAsync(
            Victim.Name,
            new() { ["parameters"] = new JsonObject { [engine.Parameter] = value } }
        );
        return (operation, value);
    }
}
