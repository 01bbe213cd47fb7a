using Dbaas.Client.Planning;
using Dbaas.Provider.Terraform.Wire;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>The dry run's outcome as diagnostics of a plan.</summary>
internal static class Forecasts
{
    public static IEnumerable<Diagnostic> Of(
        PlanResult plan,
        IReadOnlyList<SchemaProperty> properties
    ) =>
        Forecast
            .Of(plan)
            .Select(line =>
                Diagnostics.Of(
                    line.Kind == ForecastKind.Refusal
                        ? Diagnostic.Types.Severity.Error
                        : Diagnostic.Types.Severity.Warning,
                    line.Summary,
                    line.Detail,
                    AttributePaths.FromPointer(properties, line.Pointer)
                )
            );
}
