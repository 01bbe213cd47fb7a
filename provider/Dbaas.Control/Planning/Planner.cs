using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Client.Instances;
using Dbaas.Client.Operations;
using Dbaas.Client.Planning;
using Dbaas.Control.Http.Json;
using Dbaas.Control.Identity;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Dbaas.Control.Usage;
using Dbaas.Engines;

namespace Dbaas.Control.Planning;

/// <summary>
/// The dry run: the checks of the real thing in a transaction that is never committed, and a forecast of what it would cost in time and
/// money.
/// </summary>
internal sealed partial class Planner(
    IPlatformTransactions platform,
    InstanceChecks checks,
    EngineCatalogue engines,
    OutageForecaster outages,
    PriceBook prices,
    TimeProvider time
)
{
    public async Task<Outcome<PlanResult>> PlanAsync(
        Caller caller,
        PlanRequest request,
        CancellationToken cancellationToken
    )
    {
        if (request.Resource != "DatabaseInstance")
        {
            return new Problem(
                PlanProblems.Resource,
                422,
                "There is no such resource.",
                "/resource",
                "DatabaseInstance"
            );
        }

        var inputs = new InstanceInputs();
        if (request.Action is "create" or "update")
        {
            var body = request.Inputs ?? [];
            var faults = JsonInspection.InspectShape(body, InstanceJson.Default.InstanceInputs);
            if (faults.Count > 0)
            {
                return Invalid([.. faults]);
            }

            inputs = body.Deserialize(InstanceJson.Default.InstanceInputs)!;
        }

        // No lock is held here, so hosts may be asked whenever it suits.
        await using var transaction = await platform.BeginSnapshotAsync(cancellationToken);
        if (request.Action == "create")
        {
            return await CreateAsync(transaction, caller, request, inputs, cancellationToken);
        }

        if (
            request.Id is not { Length: > 0 } id
            || await InstanceStore.FindAsync(transaction, caller.Tenant, id, cancellationToken)
                is not { } row
        )
        {
            return new Problem(
                Instances.Rules.InstanceProblems.NotFound,
                404,
                "There is no instance of that id or name.",
                "/id"
            );
        }

        var refused = await RefusalAsync(transaction, row, request.Action, cancellationToken);
        return request.Action switch
        {
            "update" => await UpdateAsync(
                transaction,
                row,
                request,
                inputs,
                refused,
                cancellationToken
            ),
            "delete" => await EndAsync(transaction, row, refused, 0, cancellationToken),
            "stop" => await EndAsync(transaction, row, refused, null, cancellationToken),
            "start" => await ActAsync(
                transaction,
                row,
                EngineChange.StopStart,
                writes: false,
                refused,
                cancellationToken
            ),
            "restart" => await ActAsync(
                transaction,
                row,
                EngineChange.Restart,
                writes: true,
                refused,
                cancellationToken
            ),
            _ => new Problem(
                PlanProblems.Action,
                422,
                "There is no such action.",
                "/action",
                "create, update, delete, start, stop, restart"
            ),
        };
    }

    private async Task<Outcome<PlanResult>> CreateAsync(
        PlatformTransaction transaction,
        Caller caller,
        PlanRequest request,
        InstanceInputs inputs,
        CancellationToken cancellationToken
    )
    {
        var judged = await checks.CreateAsync(
            transaction,
            caller.Tenant,
            TypedId.New<InstanceId>(time),
            inputs,
            UnknownOf(request),
            await checks.AskHostsAsync(inputs.Region, cancellationToken),
            cancellationToken
        );
        var errors = judged.Errors.ToList();
        if (
            inputs.Name is { } name
            && await InstanceStore.FindAsync(transaction, caller.Tenant, name, cancellationToken)
                is { } existing
            && existing.Name == name
            && (
                existing.Acknowledged
                || existing.CreatedBy != caller.Principal.ToString()
                || existing.ClientKind != caller.ClientKind
            )
        )
        {
            errors.AddRange(Refusals.NameTaken(existing).Errors);
        }

        var spec = judged.Spec;
        var price = await prices.ReadAsync(transaction, spec.Region, cancellationToken);
        var month = price.Month(spec.Cpu, spec.MemoryGib, spec.StorageGib, running: true);
        return new PlanResult
        {
            Valid = errors.Count == 0,
            Errors = ManyErrors.Cut(errors),
            Warnings = judged.Warnings,
            ExpectedWriteOutage = new OutageForecast(0, "none"),
            MonthlyCost = new CostDifference(0, month.Amount, month.Amount, month.Currency),
            Resolved = ResolvedOf(spec, inputs),
        };
    }

    private async Task<Outcome<PlanResult>> UpdateAsync(
        PlatformTransaction transaction,
        InstanceRow row,
        PlanRequest request,
        InstanceInputs inputs,
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
            InstanceChecks.Grows(row.Spec, inputs)
                ? await checks.AskHostsAsync(row.Region, cancellationToken)
                : [],
            cancellationToken
        );
        List<FieldProblem> errors = [.. refused, .. judged.Errors];
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

    /// <summary>What the service filled in: properties the user did not name.</summary>
    private static JsonObject ResolvedOf(InstanceSpec spec, InstanceInputs inputs)
    {
        var all = JsonSerializer
            .SerializeToNode(spec.ToInputs(), InstanceJson.Default.InstanceInputs)!
            .AsObject();
        var named = JsonSerializer
            .SerializeToNode(inputs, InstanceJson.Default.InstanceInputs)!
            .AsObject();
        var resolved = new JsonObject();
        foreach (var (name, value) in all)
        {
            if (named[name] is null && value is not null && value.ToJsonString() != "\"\"")
            {
                resolved[name] = value.DeepClone();
            }
        }

        return resolved;
    }

    /// <summary>null is no list but means the same as none.</summary>
    private static HashSet<string> UnknownOf(PlanRequest request) => [.. request.Unknown ?? []];

    private static PlanResult Invalid(IReadOnlyList<FieldProblem> errors) =>
        new()
        {
            Valid = false,
            Errors = ManyErrors.Cut(errors),
            ExpectedWriteOutage = new OutageForecast(0, "none"),
            MonthlyCost = new CostDifference(0, 0, 0, "EUR"),
        };
}
