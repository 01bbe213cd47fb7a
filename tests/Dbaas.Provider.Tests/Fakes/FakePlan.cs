using System.Text.Json.Nodes;
using Dbaas.Client.Catalogue;
using Dbaas.Client.Operations;
using Dbaas.Client.Planning;

namespace Dbaas.Provider.Tests.Fakes;

/// <summary>The dry run of the fake: a few rules of each kind that the provider has to show.</summary>
internal static class FakePlan
{
    public static readonly EngineVersionView[] Versions =
    [
        new("postgresql", "18", true, 0.5, "2030-11-14"),
    ];

    public static PlanResult Judge(FakeControl control, PlanRequest request)
    {
        var existing = request.Id is null ? null : control.Find(request.Id);
        if (request.Action == "delete")
        {
            return Result(
                existing is { Protected: true }
                        ?
                        [
                            new(
                                "/deletionProtection",
                                "instance.deletion_protected",
                                "Deletion protection is on.",
                                "false, in an apply of its own"
                            ),
                        ]
                    : existing is { Done.IsCompleted: false }
                        ? [new("", "instance.busy", $"{existing.Name} is busy.", "")]
                    : [],
                [],
                restart: false
            );
        }

        var inputs = request.Inputs!;
        var errors = Errors(control, existing, inputs).ToList();
        var changes = existing is null ? [] : Changes(existing, inputs).ToList();
        return Result(
            errors,
            changes,
            restart: changes.Any(change => change.Pointer == "/memoryGib")
        );
    }

    private static IEnumerable<FieldProblem> Errors(
        FakeControl control,
        FakeInstance? existing,
        JsonObject inputs
    )
    {
        if (existing is null && control.HostsAway > 0)
        {
            control.HostsAway--;
            yield return new(
                "/region",
                "capacity.region_unavailable",
                "No host of local-a answers now.",
                "another region, or later"
            );
        }

        if ((double?)inputs["memoryGib"] < 0.5)
        {
            yield return new(
                "/memoryGib",
                "instance.memory_below_minimum",
                "PostgreSQL needs more memory.",
                "0.5 or more"
            );
        }

        foreach (
            var name in (inputs["parameters"] as JsonObject ?? []).Select(parameter =>
                parameter.Key
            )
        )
        {
            if (name is not ("work_mem" or "max_connections" or "sort_buffer_size"))
            {
                yield return new(
                    $"/parameters/{name}",
                    "parameter.unknown",
                    $"There is no parameter {name}.",
                    "work_mem, max_connections, sort_buffer_size"
                );
            }
        }

        if ((string?)inputs["region"] is { } region && region is not ("local-a" or "local-b"))
        {
            yield return new(
                "/region",
                "region.unknown",
                $"There is no region {region}.",
                "local-a, local-b"
            );
        }

        if ((string?)inputs["engineVersion"] is "17" or "99")
        {
            yield return new(
                "/engineVersion",
                "engine.version_unknown",
                "This version cannot be provisioned.",
                "18"
            );
        }

        if ((string?)inputs["kmsKeyId"] == "nokey")
        {
            yield return new("/kmsKeyId", "key.not_found", "There is no such key.", "");
        }

        if ((int?)inputs["storageGib"] > 1000)
        {
            yield return new(
                "/storageGib",
                "quota.storage",
                "The tenant's quota is 1000 GiB.",
                "1 to 1000"
            );
        }

        if (
            existing is null
            && control.Find((string?)inputs["name"] ?? "") is { Acknowledged: true }
        )
        {
            yield return new(
                "/name",
                "instance.name_taken",
                "The name is taken.",
                "another name, or import it"
            );
        }
    }

    private static IEnumerable<PlannedChange> Changes(FakeInstance existing, JsonObject inputs)
    {
        var before = existing.View();
        foreach (var (name, after) in inputs)
        {
            var same = name switch
            {
                "storageGib" => (int)after! <= existing.StorageGib,
                "engineVersion" => existing.ActualVersion.StartsWith(
                    (string)after!,
                    StringComparison.Ordinal
                ),
                _ => Normal(before[name]) == Normal(after),
            };
            if (!same)
            {
                yield return new($"/{name}", before[name]?.DeepClone(), after?.DeepClone(), "live");
            }
        }
    }

    private static string Normal(JsonNode? node) =>
        (node?.ToJsonString() ?? "").Replace("7168kB", "7MB", StringComparison.Ordinal);

    private static PlanResult Result(
        IReadOnlyList<FieldProblem> errors,
        IReadOnlyList<PlannedChange> changes,
        bool restart
    ) =>
        new()
        {
            Valid = errors.Count == 0,
            Errors = errors,
            Changes = changes,
            Restart = restart,
            ExpectedWriteOutage = restart ? new(2, "measured") : new(0, "none"),
            MonthlyCost = restart ? new(10, 22.3m, 12.3m, "EUR") : new(10, 10, 0, "EUR"),
        };
}
