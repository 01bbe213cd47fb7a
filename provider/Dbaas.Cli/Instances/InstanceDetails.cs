using Dbaas.Cli.Output;
using Dbaas.Client.Audit;
using Dbaas.Client.Instances;
using Dbaas.Client.Operations;
using Spectre.Console;

namespace Dbaas.Cli.Instances;

/// <summary>One instance for people.</summary>
internal static class InstanceDetails
{
    public static void Write(Invocation run, InstanceView instance)
    {
        var window = instance.MaintenanceWindow;
        ListView.WriteFields(
            run,
            [
                ("name", instance.Name),
                ("id", instance.Id),
                ("status", instance.Status),
                .. Reason(instance),
                (
                    "engine",
                    $"{instance.Engine} {instance.ActualVersion} (asked for {instance.EngineVersion})"
                ),
                ("region", instance.Region),
                ("endpoint", $"{instance.Endpoint.Host}:{instance.Endpoint.Port}"),
                (
                    "size",
                    $"{Look.Number(instance.Cpu)} cores, {Look.Number(instance.MemoryGib)} GiB memory, {instance.ActualStorageGib} GiB storage"
                ),
                ("databases", string.Join(", ", instance.Databases)),
                (
                    "allowed networks",
                    instance.AllowedCidrs.Count == 0
                        ? "nobody"
                        : string.Join(", ", instance.AllowedCidrs)
                ),
                ("parameters", Look.Pairs(instance.Parameters)),
                ("key", instance.KmsKeyId),
                (
                    "maintenance",
                    $"{window.Day} {window.StartTime} UTC, {window.DurationMinutes ?? 60} min"
                ),
                ("changes", instance.ChangePolicy),
                ("deletion protection", instance.DeletionProtection ? "on" : "off"),
                ("tags", Look.Pairs(instance.Tags)),
                (
                    "cost a month",
                    Look.Money(
                        instance.MonthlyCostEstimate.Amount,
                        instance.MonthlyCostEstimate.Currency
                    )
                ),
                (
                    "cost so far",
                    instance.CostSoFar is { } cost ? Look.Money(cost.Amount, cost.Currency) : null
                ),
                ("created", Look.Time(instance.CreatedAt)),
                ("operation", instance.OperationId),
            ]
        );
        Section(run, "members");
        ListView.Write(
            run,
            instance.Members,
            new("id", member => member.Id),
            new("role", member => member.Role),
            new("status", member => member.Status),
            new("version", member => member.ActualVersion),
            new("region", member => member.Region)
        );
        if (instance.PendingChanges.Count > 0)
        {
            Section(run, "pending changes");
            ListView.Write(
                run,
                instance.PendingChanges,
                new("property", change => change.Property),
                new(
                    "due",
                    change => change.DueAt.Length == 0 ? "with a restart by hand" : change.DueAt
                ),
                new("reason", change => change.Reason)
            );
        }
    }

    /// <summary>What was done last and what happened, newest first.</summary>
    public static void WriteHistory(
        Invocation run,
        IReadOnlyList<OperationView> operations,
        IReadOnlyList<AuditEventView> events
    )
    {
        Section(run, "last operations");
        ListView.Write(
            run,
            operations,
            new("started", operation => Look.Time(operation.CreatedAt)),
            new("kind", operation => operation.Kind),
            new("state", operation => operation.State),
            new(
                "took",
                operation =>
                    operation.FinishedAt is { } end
                        ? Look.Seconds((end - operation.CreatedAt).TotalMilliseconds)
                        : $"{operation.ProgressPercent} %, {operation.CurrentStep}"
            ),
            new("writes refused", operation => Look.Outage(operation.WriteOutageSeconds)),
            new("by", operation => operation.RequestedBy),
            new("id", operation => operation.Id),
            new("error", operation => operation.Error?.Detail)
        );
        Section(run, "last events");
        ListView.Write(
            run,
            events,
            new("at", row => Look.Time(row.At)),
            new("severity", row => row.Severity),
            new("by", row => row.Principal),
            new("message", row => row.Message)
        );
    }

    private static IEnumerable<(string Name, string? Value)> Reason(InstanceView instance) =>
        instance.StatusReason is { } reason ? [("reason", reason)] : [];

    private static void Section(Invocation run, string title)
    {
        run.Terminal.Screen.WriteLine();
        run.Terminal.Screen.MarkupLineInterpolated($"[bold]{title}[/]");
    }
}
