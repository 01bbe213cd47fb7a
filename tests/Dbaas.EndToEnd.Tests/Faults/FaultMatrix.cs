using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults;

/// <summary>Which kills a run tries: a drawn sample in `make test`, every victim at every step in a `make faults` of an hour or more.</summary>
internal static class FaultMatrix
{
    public static IReadOnlyList<string> CreateSteps { get; } =
    [
        "reserve",
        "ensure-image",
        "wrap-data-key",
        "create-volume",
        "open-volume",
        "create-machine",
        "start-machine",
        "ensure-store-user",
        "issue-certificates",
        "start-engine",
        "open-endpoint",
        "verify-endpoint",
        "finish",
    ];

    public static IReadOnlyList<string> DeleteSteps { get; } =
    [
        "close-endpoint",
        "destroy-machine",
        "shred-keys",
        "destroy-volume",
        "remove-store-user",
        "finish",
    ];

    /// <param name="victims">Whom the whole matrix kills.</param>
    /// <param name="steps">Where the whole matrix kills each of them.</param>
    /// <param name="sample">How many kills are tried otherwise: of one victim each, at a drawn step.</param>
    public static TheoryData<Victim, string> Of(
        IReadOnlyList<Victim> victims,
        IReadOnlyList<string> steps,
        int sample
    )
    {
        var drawn = victims.ToArray();
        Random.Shared.Shuffle(drawn);
        return Extent.IsWhole
            ? [.. victims.SelectMany(victim => steps.Select(step => (victim, step)))]
            :
            [
                .. drawn
                    .Take(sample)
                    .Select(victim => (victim, steps[Random.Shared.Next(steps.Count)])),
            ];
    }
}
