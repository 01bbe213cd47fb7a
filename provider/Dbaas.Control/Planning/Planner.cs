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

        return request.Action == "create"
            ? await CreateAsync(caller, request, inputs, cancellationToken)
            : await ChangeAsync(caller, request, inputs, cancellationToken);
    }

    private async Task<Outcome<PlanResult>> ChangeAsync(
        Caller caller,
        PlanRequest request,
        InstanceInputs inputs,
        CancellationToken cancellationToken
    )
    {
        HostAnswers? hosts = null;
        while (true)
        {
            InstanceRow row;
            await using (var transaction = await platform.BeginSnapshotAsync(cancellationToken))
            {
                if (
                    request.Id is not { Length: > 0 } id
                    || await InstanceStore.FindAsync(
                        transaction,
                        caller.Tenant,
                        id,
                        cancellationToken
                    )
                        is not { } found
                )
                {
                    return new Problem(
                        Instances.Rules.InstanceProblems.NotFound,
                        404,
                        "There is no instance of that id or name.",
                        "/id"
                    );
                }

                row = found;
                if (
                    hosts is not null
                    || request.Action != "update"
                    || !InstanceChecks.NeedsHosts(row, inputs)
                )
                {
                    return await ForecastAsync(
                        transaction,
                        row,
                        request,
                        inputs,
                        hosts ?? HostAnswers.None,
                        cancellationToken
                    );
                }
            }

            // Nothing is held meanwhile.
            hosts = await checks.AskHostsAsync(row, inputs, cancellationToken);
        }
    }

    private async Task<Outcome<PlanResult>> ForecastAsync(
        PlatformTransaction transaction,
        InstanceRow row,
        PlanRequest request,
        InstanceInputs inputs,
        HostAnswers hosts,
        CancellationToken cancellationToken
    )
    {
        var refused = await RefusalAsync(transaction, row, request.Action, cancellationToken);
        return request.Action switch
        {
            "update" => await UpdateAsync(
                transaction,
                row,
                request,
                inputs,
                hosts,
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
        Caller caller,
        PlanRequest request,
        InstanceInputs inputs,
        CancellationToken cancellationToken
    )
    {
        var hosts = await checks.AskHostsAsync(inputs, cancellationToken);
        await using var transaction = await platform.BeginSnapshotAsync(cancellationToken);
        var judged = await checks.CreateAsync(
            transaction,
            caller.Tenant,
            TypedId.New<InstanceId>(time),
            inputs,
            UnknownOf(request),
            hosts,
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
