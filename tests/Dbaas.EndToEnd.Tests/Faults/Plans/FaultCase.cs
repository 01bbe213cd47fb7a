using Dbaas.EndToEnd.Tests.Faults.Injections;

namespace Dbaas.EndToEnd.Tests.Faults.Plans;

/// <param name="Number">From 1, in the order of the run.</param>
/// <param name="Engine">Of the database that is struck.</param>
/// <param name="Faults">One, or two that overlap.</param>
internal sealed record FaultCase(int Number, string Engine, IReadOnlyList<Fault> Faults)
{
    public bool IsPair => Faults.Count > 1;

    public override string ToString() =>
        $"{Number}: {string.Join(" + ", Faults.Select(fault => fault.Name))} ({Engine})";
}
