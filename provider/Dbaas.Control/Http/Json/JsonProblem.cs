using Dbaas.Client.Operations;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Http.Json;

/// <summary>One problem of many bad members.</summary>
internal static class JsonProblem
{
    /// <summary>The code is that of the first fault; every fault is in the errors.</summary>
    public static Problem Of(IReadOnlyList<FieldProblem> faults) =>
        new(
            faults[0].Code,
            422,
            faults.Count == 1
                ? $"{faults[0].Pointer}: {faults[0].Message}"
                : $"{faults.Count} members {(faults.Count < JsonShape.MostFaults ? "are" : "or more are")} wrong; the first is {faults[0].Pointer}: {faults[0].Message}"
        )
        {
            Errors = faults,
        };
}
