using System.Text.Json.Nodes;
using Dbaas.Provider.Inputs;
using Dbaas.Provider.Pulumi.Values;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Pulumi.Diffs;

/// <summary>
/// The inputs of an update as they are sent, to the dry run and to the change itself. An up does not refresh, so the engine's state may be
/// older than the resource: values that the program did not declare, or told the engine to ignore, would be put back to what they were.
/// </summary>
/// <param name="Resource">The kind of resource.</param>
/// <param name="Wanted">What the program wants, bare. Absent where it leaves the choice to the platform, whose last choice then stays.</param>
/// <param name="Ignored">Paths of the resource's ignoreChanges, with their wildcards.</param>
internal sealed record SentInputs(
    ResourceSchema Resource,
    Value.Map Wanted,
    IReadOnlyList<string> Ignored
)
{
    /// <param name="resource">The kind of resource.</param>
    /// <param name="outputs">What the platform showed last.</param>
    /// <param name="news">Declared now.</param>
    /// <param name="ignored">Paths of the resource's ignoreChanges.</param>
    public static SentInputs Of(
        ResourceSchema resource,
        Value.Map outputs,
        Value.Map news,
        IEnumerable<string> ignored
    )
    {
        var desired = InputDifferences.Desired(resource, outputs, news);
        return new SentInputs(
            resource,
            Value.Object(
                resource
                    .Inputs.Where(input => !InputDifferences.IsLeftOpen(input, news))
                    .Select(input => KeyValuePair.Create(input.Name, desired[input.Name].Bare()))
            ),
            [.. ignored]
        );
    }

    /// <summary>Whether what is there now is among what is sent.</summary>
    public bool NeedsLive => Ignored.Count > 0;

    /// <summary>
    /// The inputs, with what is there now wherever it shall be ignored. An element of a list has no place of its own in another list; such a
    /// list is sent as wanted.
    /// </summary>
    /// <param name="view">The resource as the service shows it; null when it is gone.</param>
    public Value.Map Beside(JsonObject? view)
    {
        if (view is null || !NeedsLive)
        {
            return Wanted;
        }

        var live = RestJson.Plain.ReadAll(Resource.Inputs, view);
        return Value.Object(
            Wanted.Members.Select(input =>
                KeyValuePair.Create(
                    input.Key,
                    Merged(
                        input.Value,
                        live[input.Key],
                        InputPath.Root.Then(new InputStep.Member(input.Key))
                    )
                )
            )
        );
    }

    private Value Merged(Value wanted, Value live, InputPath path) =>
        Ignored.Any(pattern => PropertyPath.Covers(pattern, path)) ? live
        : (wanted, live) is (Value.Map ours, Value.Map theirs)
            ? Value.Object(
                ours.Members.Keys.Union(theirs.Members.Keys, StringComparer.Ordinal)
                    .Select(name =>
                        KeyValuePair.Create(
                            name,
                            Merged(ours[name], theirs[name], path.Then(new InputStep.Key(name)))
                        )
                    )
            )
        : wanted;
}
