using Dbaas.Client.Operations;
using Dbaas.Client.Planning;
using Dbaas.Control.Instances;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Dbaas.Engines;

namespace Dbaas.Control.Planning;

/// <summary>The dry run of what changes no specification: start, restart, rotate, stop, delete.</summary>
internal sealed partial class Planner
{
    private async Task<Outcome<PlanResult>> ActAsync(
        PlatformTransaction transaction,
        InstanceRow row,
        EngineChange change,
        bool writes,
        IReadOnlyList<FieldProblem> errors,
        CancellationToken cancellationToken
    )
    {
        var price = await prices.ReadAsync(transaction, row.Region, cancellationToken);
        var spec = row.Spec;
        var before = price.Month(spec.Cpu, spec.MemoryGib, spec.StorageGib, row.ShouldRun);
        var after = price.Month(spec.Cpu, spec.MemoryGib, spec.StorageGib, running: true);
        return new PlanResult
        {
            Valid = errors.Count == 0,
            Errors = errors,
            Restart = writes,
            ExpectedWriteOutage = writes
                ? await outages.ForecastAsync(
                    transaction,
                    engines.Get(row.Engine),
                    change,
                    cancellationToken
                )
                : new OutageForecast(0, "none"),
            MonthlyCost = new CostDifference(
                before.Amount,
                after.Amount,
                after.Amount - before.Amount,
                after.Currency
            ),
        };
    }

    /// <summary>Delete and stop: writes end with it, for good or until the next start, so there is no outage to forecast.</summary>
    private async Task<Outcome<PlanResult>> EndAsync(
        PlatformTransaction transaction,
        InstanceRow row,
        IReadOnlyList<FieldProblem> errors,
        decimal? after,
        CancellationToken cancellationToken
    )
    {
        var price = await prices.ReadAsync(transaction, row.Region, cancellationToken);
        var spec = row.Spec;
        var before = price.Month(spec.Cpu, spec.MemoryGib, spec.StorageGib, row.ShouldRun);
        var left =
            after ?? price.Month(spec.Cpu, spec.MemoryGib, spec.StorageGib, running: false).Amount;
        return new PlanResult
        {
            Valid = errors.Count == 0,
            Errors = errors,
            ExpectedWriteOutage = new OutageForecast(0, "none"),
            MonthlyCost = new CostDifference(
                before.Amount,
                left,
                left - before.Amount,
                before.Currency
            ),
        };
    }

    /// <summary>
    /// Why the real call would be refused now. A change waits for the operation before it and a delete joins another delete; everything
    /// else is refused while one is under way.
    /// </summary>
    private static async Task<IReadOnlyList<FieldProblem>> RefusalAsync(
        PlatformTransaction transaction,
        InstanceRow row,
        string action,
        CancellationToken cancellationToken
    )
    {
        if (!InstanceJudge.Actions.Contains(action))
        {
            return [];
        }

        var refusal =
            await UnderWayAsync(transaction, row, action, cancellationToken)
            ?? InstanceJudge.Refusal(
                row,
                action,
                await InstanceJudge.KeyAsync(transaction, row, cancellationToken)
            );
        return refusal is null ? []
            : refusal.Errors.Count > 0 ? refusal.Errors
            : [new FieldProblem("", refusal.Code, refusal.Detail, "")];
    }

    private static async Task<Problem?> UnderWayAsync(
        PlatformTransaction transaction,
        InstanceRow row,
        string action,
        CancellationToken cancellationToken
    ) =>
        row.OperationId is null || action is InstanceJudge.Update ? null
        : action is not InstanceJudge.Delete ? Refusals.Busy(row)
        : row.Status == InstanceStatuses.Deleting ? null
        : InstanceJudge.TakeOver(
            row,
            await InstanceJudge.UnderWayAsync(transaction, row, cancellationToken)
        );
}
