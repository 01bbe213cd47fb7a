using Dbaas.Provider.Inputs;

namespace Dbaas.Provider.Pulumi.Diffs;

/// <summary>One place in which a resource shall become another.</summary>
/// <param name="Path">Where.</param>
/// <param name="Kind">What happens there.</param>
/// <param name="BetweenInputs">Found between declared values; otherwise against what the platform showed.</param>
internal sealed record Difference(InputPath Path, DifferenceKind Kind, bool BetweenInputs = true);
