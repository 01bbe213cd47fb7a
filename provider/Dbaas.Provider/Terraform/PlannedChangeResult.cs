using Dbaas.Provider.Terraform.Wire;
using Dbaas.Provider.Translation;

namespace Dbaas.Provider.Terraform;

/// <param name="Planned">The resource as it will be.</param>
/// <param name="Diagnostics">What is refused and what to know.</param>
internal sealed record PlannedChangeResult(
    Value.Map Planned,
    IReadOnlyList<Diagnostic> Diagnostics
);
