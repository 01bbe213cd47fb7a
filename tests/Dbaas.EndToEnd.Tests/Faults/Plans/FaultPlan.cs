using Dbaas.EndToEnd.Tests.Faults.Injections;

namespace Dbaas.EndToEnd.Tests.Faults.Plans;

/// <summary>
/// What a run tries, drawn from its seed: first every fault on every engine; then, without an end, all short faults once more, and behind each
/// fourth such round a pair that overlaps and one of the long faults. Whoever runs it stops at a limit. The same seed draws the same plan.
/// </summary>
internal static class FaultPlan
{
    /// <summary>Rounds of short faults from one long fault to the next.</summary>
    public const int Between = 4;

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
        var strikes = singles.Where(single => single.choice.Short).ToArray();
        var others = singles.Where(single => !single.choice.Short).ToArray();
        for (var round = 0; ; round++)
        {
            // Not one of them several times in a row: what is killed every few seconds is held back by its guard against crash loops, and
            // the times would be the guard's.
            chance.Shuffle(strikes);
            foreach (var (choice, engine) in strikes)
            {
                yield return new(++number, engine, [Any(choice)]);
            }

            // A percentile wants twenty of a kind, and a long fault takes as long as all short ones.
            if (round % Between != 0)
            {
                continue;
            }

            yield return Pair();
            // A sample has short faults alone.
            if (others.Length > 0)
            {
                // In turn and not by chance: a row that chance forgets has no percentile.
                var (other, struck) = others[round / Between % others.Length];
                yield return new(++number, struck, [Any(other)]);
            }
        }

        FaultCase Pair()
        {
            var two = pairs.ToArray();
            Fault[] drawn;
            do
            {
                chance.Shuffle(two);
                drawn = Ordered(Any(two[0]), Any(two[1]));
            } while (
                drawn.Any(fault => fault.HoldsChange) && drawn.All(fault => fault.BeginsChange)
            );

            return new(++number, Engines[chance.Next(Engines.Length)], drawn);
        }

        // What takes something away comes after what needs it.
        static Fault[] Ordered(params Fault[] two) => [.. two.OrderBy(Takes)];

        static int Takes(Fault fault) =>
            fault.TakesService ? 3
            : fault.TakesHost ? 2
            : fault.TakesKeys ? 1
            : 0;

        Fault Any(FaultChoice choice) =>
            choice.Make(choice.Variants[chance.Next(choice.Variants.Count)]);
    }
}
