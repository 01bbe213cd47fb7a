using Dbaas.EndToEnd.Tests.Faults.Injections;

namespace Dbaas.EndToEnd.Tests.Faults.Plans;

/// <summary>
/// What a run tries, drawn from its seed: first every fault on every engine; then, without an end, a pair that overlaps, a short fault
/// several times, another pair, and one of the long faults. Whoever runs it stops at a limit. The same seed draws the same plan.
/// </summary>
internal static class FaultPlan
{
    private const int Strikes = 6;
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
        var strikes = InTurn(singles.Where(single => single.choice.Short));
        var others = InTurn(singles.Where(single => !single.choice.Short));
        while (true)
        {
            yield return Pair();
            var (often, struck) = strikes();
            for (var strike = 0; strike < Strikes; strike++)
            {
                yield return new(++number, struck, [Any(often)]);
            }

            yield return Pair();
            var (once, engine) = others();
            yield return new(++number, engine, [Any(once)]);
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

        // In turn and not by chance: a row that chance forgets has no percentile.
        static Func<(FaultChoice choice, string engine)> InTurn(
            IEnumerable<(FaultChoice choice, string engine)> all
        )
        {
            var round = all.ToArray();
            var next = 0;
            return () => round[next++ % round.Length];
        }

        // What takes something away comes after what needs it.
        static Fault[] Ordered(params Fault[] two) => [.. two.OrderBy(Takes)];

        static int Takes(Fault fault) =>
            fault.TakesService ? 2
            : fault.TakesKeys ? 1
            : 0;

        Fault Any(FaultChoice choice) =>
            choice.Make(choice.Variants[chance.Next(choice.Variants.Count)]);
    }
}
