using System.Globalization;
using Dbaas.Client.Operations;

namespace Dbaas.Client.Planning;

/// <summary>The dry run's outcome in the words that every tool shows: what is refused, what to know, what it interrupts and what it costs.</summary>
public static class Forecast
{
    /// <summary>Refusals, or else warnings, the interruption and the cost, in this order; nothing for a change that has none of them.</summary>
    public static IEnumerable<ForecastLine> Of(PlanResult plan)
    {
        foreach (var error in plan.Errors)
        {
            yield return Field(ForecastKind.Refusal, error);
        }

        if (!plan.Valid)
        {
            if (plan.Errors.Count == 0)
            {
                yield return new ForecastLine(
                    ForecastKind.Refusal,
                    "The control service refuses this change",
                    "It gave no reason."
                );
            }

            // What a change would cost or interrupt is of no interest when it will not happen.
            yield break;
        }

        foreach (var warning in plan.Warnings)
        {
            yield return Field(ForecastKind.Warning, warning);
        }

        var outage = plan.ExpectedWriteOutage;
        if (plan.Restart || plan.Deferred || outage.Seconds > 0)
        {
            yield return new ForecastLine(
                ForecastKind.Warning,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(plan.Restart || plan.Deferred ? "Restart" : "Interruption")}: about {outage.Seconds:0.#} s of writes refused ({outage.Basis})"
                ),
                plan.Deferred
                    ? "It waits for the maintenance window."
                    : "It happens during the apply."
            );
        }

        var cost = plan.MonthlyCost;
        if (cost.Difference != 0)
        {
            yield return new ForecastLine(
                ForecastKind.Cost,
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

    /// <summary>What is known about one input, beside the message itself.</summary>
    public static string DetailOf(FieldProblem field)
    {
        var allowed = field.Allowed.Length > 0 ? $"Allowed: {field.Allowed}\n" : "";
        return $"{allowed}Code: {field.Code}";
    }

    private static ForecastLine Field(ForecastKind kind, FieldProblem field) =>
        new(kind, field.Message, DetailOf(field), field.Pointer);
}
