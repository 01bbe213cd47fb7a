using Dbaas.Client.Instances;
using Dbaas.Client.Operations;
using Dbaas.Client.Planning;
using Dbaas.Control.Instances;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Dbaas.Engines;

namespace Dbaas.Control.Planning;

/// <content>The dry run of a change.</content>
internal sealed partial class Planner
{
    private async Task<Outcome<PlanResult>> UpdateAsync(
        PlatformTransaction transaction,
        InstanceRow row,
        PlanRequest request,
        InstanceInputs inputs,
        HostAnswers hosts,
        IReadOnlyList<FieldProblem> refused,
        CancellationToken cancellationToken
    )
    {
        var parts = await InstanceStore.PartsAsync(transaction, row, cancellationToken);
        var judged = await checks.UpdateAsync(
            transaction,
            row,
            parts.Machines[0].HostId,
            inputs,
            UnknownOf(request),
            hosts,
            cancellationToken
        );
        List<FieldProblem> errors = [.. refused, .. judged.Errors];
        if (errors.Count == 0 && InstanceJudge.Locked(row, judged) is { } locked)
        {
            errors.Add(new FieldProblem("", locked.Code, locked.Detail, ""));
        }

        if (
            judged.After.Name != row.Name
            && errors.Count == 0
            && await InstanceStore.FindAsync(
                transaction,
                row.TenantId,
                judged.After.Name,
                cancellationToken
            )
                is { } other
        )
        {
            errors.AddRange(Refusals.NameTaken(other).Errors);
        }

        var immediate = judged.After.ChangePolicy == "immediate";
        var restart = judged.Restarts && row.ShouldRun;
        var engine = engines.Get(row.Engine);
        var price = await prices.ReadAsync(transaction, row.Region, cancellationToken);
        var before = price.Month(
            judged.Before.Cpu,
            judged.Before.MemoryGib,
            judged.Before.StorageGib,
            row.ShouldRun
        );
        var after =
            errors.Count > 0
                ? before
                : price.Month(
                    judged.After.Cpu,
                    judged.After.MemoryGib,
                    judged.After.StorageGib,
                    row.ShouldRun
                );
        return new PlanResult
        {
            Valid = errors.Count == 0,
            Errors = ManyErrors.Cut(errors),
            Warnings = judged.Warnings,
            Changes = [.. judged.Changes.Select(change => change.ToPlanned(immediate))],
            Restart = restart && immediate,
            Deferred = restart && !immediate,
            ExpectedWriteOutage = restart
                ? await outages.ForecastAsync(
                    transaction,
                    engine,
                    ChangeOf(judged),
                    cancellationToken
                )
                : new OutageForecast(0, judged.NeedsWork ? "bench" : "none"),
            MonthlyCost = new CostDifference(
                before.Amount,
                after.Amount,
                after.Amount - before.Amount,
                after.Currency
            ),
            Resolved = ResolvedOf(judged.After, inputs),
        };
    }

    /// <summary>The longest of the interruptions; they come in one.</summary>
    private static EngineChange ChangeOf(CheckedUpdate judged)
    {
        var kinds = judged
            .Changes.Where(change => change.NeedsRestart)
            .Select(change => change.Kind)
            .ToHashSet();
        return kinds.Contains(EngineChange.StopStart) ? EngineChange.StopStart
            : kinds.Contains(EngineChange.ResizeMemory) ? EngineChange.ResizeMemory
            : EngineChange.Restart;
    }
}
