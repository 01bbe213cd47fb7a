using Dbaas.EndToEnd.Tests.Faults.Injections;

namespace Dbaas.EndToEnd.Tests.Faults.Plans;

/// <summary>A fault that a plan can draw.</summary>
/// <param name="Make">A new fault for a variant.</param>
/// <param name="Variants">e.g. the steps after which the control service can die; one empty text when there is only one way.</param>
/// <param name="Pairs">Whether it may overlap with another: it needs no state of the database that another may have taken.</param>
/// <param name="Short">Whether a case takes seconds, so that it can strike often enough for a percentile to mean something.</param>
internal sealed record FaultChoice(
    Func<string, Fault> Make,
    IReadOnlyList<string> Variants,
    bool Pairs,
    bool Short = false
);
