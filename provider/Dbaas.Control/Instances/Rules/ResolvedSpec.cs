using Dbaas.Client.Operations;

namespace Dbaas.Control.Instances.Rules;

/// <summary>What the rules made of the inputs.</summary>
/// <param name="Spec">Complete, but only to be used when there are no errors.</param>
/// <param name="Errors">Each bad field.</param>
/// <param name="Warnings">What the user should know.</param>
internal sealed record ResolvedSpec(
    InstanceSpec Spec,
    IReadOnlyList<FieldProblem> Errors,
    IReadOnlyList<FieldProblem> Warnings
);
