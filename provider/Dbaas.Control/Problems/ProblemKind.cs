namespace Dbaas.Control.Problems;

/// <summary>One entry of the catalogue of refusals.</summary>
/// <param name="Code">area.reason in snake case; never renamed.</param>
/// <param name="Status">The HTTP status it usually travels with.</param>
/// <param name="Title">What it means, the same for every occurrence.</param>
/// <param name="Remedy">What the user can do.</param>
internal sealed record ProblemKind(string Code, int Status, string Title, string Remedy);
