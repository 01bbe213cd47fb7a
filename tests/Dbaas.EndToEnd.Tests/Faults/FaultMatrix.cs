using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults;

/// <summary>Which kills a run tries: a drawn sample in `make test`, every victim at every step in a `make faults` of an hour or more.</summary>
internal static class FaultMatrix
{
    private const string MachineStarts = "start-machine";
    private const string MachineIsGone = "shred-keys";

    public static IReadOnlyList<string> CreateSteps { get; } =
    [
        "reserve",
        "ensure-image",
        "wrap-data-key",
        "create-volume",
        "open-volume",
        "create-machine",
        MachineStarts,
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
        MachineIsGone,
        "destroy-volume",
        "remove-store-user",
        "finish",
    ];

    /// <param name="victims">Whom the whole matrix kills.</param>
    /// <param name="steps">Where the whole matrix kills each of them, if there is one of them then.</param>
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
            ?
            [
                .. victims.SelectMany(victim =>
                    StepsOf(victim, steps).Select(step => (victim, step))
                ),
            ]
            :
            [
                .. drawn
                    .Take(sample)
                    .Select(victim =>
                        (victim, Random.Shared.GetItems(StepsOf(victim, steps), 1)[0])
                    ),
            ];
    }

    /// <summary>Where a kill can meet somebody: an agent lives from its machine's start to its end, everybody else all the time.</summary>
    private static string[] StepsOf(Victim victim, IReadOnlyList<string> steps) =>
        [
            .. victim != Victim.Agent ? steps
            : steps.Contains(MachineStarts) ? steps.SkipWhile(step => step != MachineStarts)
            : steps.TakeWhile(step => step != MachineIsGone),
        ];
}
