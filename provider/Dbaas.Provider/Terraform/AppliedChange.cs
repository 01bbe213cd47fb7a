using Dbaas.Provider.Terraform.Wire;
using Dbaas.Provider.Translation;

namespace Dbaas.Provider.Terraform;

/// <param name="State">What Terraform stores; null (the value) for nothing.</param>
/// <param name="Diagnostics">Why it failed, empty on success.</param>
internal sealed record AppliedChange(Value State, IReadOnlyList<Diagnostic> Diagnostics);
