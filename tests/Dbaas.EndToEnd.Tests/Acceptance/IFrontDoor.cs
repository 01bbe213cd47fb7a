using System.Text.Json.Nodes;

namespace Dbaas.EndToEnd.Tests.Acceptance;

/// <summary>
/// One of the ways in which people declare a database. Everything is said in the names of schema.json; a door translates and remembers
/// what its tool would remember.
/// </summary>
internal interface IFrontDoor : IAsyncDisposable
{
    /// <summary>For messages and names.</summary>
    string Name { get; }

    /// <summary>What the tool shows before it changes anything.</summary>
    Task<string> PlanAsync(JsonObject inputs);

    /// <summary>
    /// The lines of that which tell what a change means: what is refused, what to know, what it interrupts, what it costs. A line may
    /// begin with the property it is about, in the tool's own way of naming it.
    /// </summary>
    Task<IReadOnlyList<string>> PredictAsync(JsonObject inputs);

    /// <summary>Creates or changes, and waits for it.</summary>
    Task ApplyAsync(JsonObject inputs);

    /// <summary>Looks at the world again and answers what the tool would then do; empty for nothing at all.</summary>
    Task<string> DifferencesAsync(JsonObject inputs);

    /// <summary>Forgets everything and takes the instance up by its id.</summary>
    Task ImportAsync(string id, JsonObject inputs);

    /// <summary>Tries to destroy a protected instance; answers the refusal.</summary>
    Task<string> RefusedDestroyAsync(JsonObject inputs);

    /// <summary>Destroys, and waits for it.</summary>
    Task DestroyAsync(JsonObject inputs);
}
