using System.Globalization;
using Dbaas.Client.Planning;
using Dbaas.Provider.Terraform.Wire;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>The dry run's outcome in the words of a plan: what is refused, what to know, what it interrupts and what it costs.</summary>
internal static class Forecast
{
    public static IEnumerable<Diagnostic> Of(
        PlanResult plan,
        IReadOnlyList<SchemaProperty> properties
    )
    {
        foreach (var error in plan.Errors)
        {
            yield return Diagnostics.Of(error, Diagnostic.Types.Severity.Error, properties);
        }

        if (!plan.Valid)
        {
            if (plan.Errors.Count == 0)
            {
                yield return Diagnostics.Error(
                    "The control service refuses this change",
                    "It gave no reason."
                );
            }

            // What a change would cost or interrupt is of no interest when it will not happen.
            yield break;
        }

        foreach (var warning in plan.Warnings)
        {
            yield return Diagnostics.Of(warning, Diagnostic.Types.Severity.Warning, properties);
        }

        var outage = plan.ExpectedWriteOutage;
        if (plan.Restart || outage.Seconds > 0)
        {
            var when = plan.Deferred
                ? "It waits for the maintenance window."
                : "It happens during the apply.";
            yield return Diagnostics.Warning(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(plan.Restart ? "Restart" : "Interruption")}: about {outage.Seconds:0.#} s of writes refused ({outage.Basis})"
                ),
                when
            );
        }

        var cost = plan.MonthlyCost;
        if (cost.Difference != 0)
        {
            yield return Diagnostics.Warning(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Monthly cost: {cost.Difference:+0.00;-0.00} {cost.Currency}"
                ),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"From {cost.Before:0.00} to {cost.After:0.00} {cost.Currency} for a month of 730 hours at today's prices."
                )
            );
        }
    }
}
