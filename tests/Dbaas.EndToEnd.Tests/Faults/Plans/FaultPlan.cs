using Dbaas.EndToEnd.Tests.Faults.Injections;

namespace Dbaas.EndToEnd.Tests.Faults.Plans;

/// <summary>
/// What a run tries, drawn from its seed: first every fault on every engine, then pairs that overlap and further variants in turn,
/// without an end; whoever runs it stops at a limit. The same seed draws the same plan.
/// </summary>
internal static class FaultPlan
{
    private static readonly string[] Engines = ["postgresql", "mysql"];

    public static IEnumerable<FaultCase> Draw(int seed, IReadOnlyList<FaultChoice> choices)
    {
        var chance = new Random(seed);
        var number = 0;
        var singles = choices
            .SelectMany(choice => Engines.Select(engine => (choice, engine)))
            .ToArray();
        chance.Shuffle(singles);
        foreach (var (choice, engine) in singles)
        {
            yield return new(++number, engine, [Any(choice)]);
        }

        var pairs = choices.Where(choice => choice.Pairs).ToArray();
        while (true)
        {
            var two = pairs.ToArray();
            chance.Shuffle(two);
            yield return new(++number, Engine(), Ordered(Any(two[0]), Any(two[1])));
            yield return new(++number, Engine(), [Any(choices[chance.Next(choices.Count)])]);
        }

        // The other needs the service to begin with.
        static Fault[] Ordered(Fault one, Fault other) =>
            one.TakesService ? [other, one] : [one, other];

        string Engine() => Engines[chance.Next(Engines.Length)];

        Fault Any(FaultChoice choice) =>
            choice.Make(choice.Variants[chance.Next(choice.Variants.Count)]);
    }
}
