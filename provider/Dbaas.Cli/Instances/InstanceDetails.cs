using System.Globalization;
using Dbaas.Cli.Output;
using Dbaas.Client.Instances;
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
            ("name", instance.Name),
            ("id", instance.Id),
            ("status", instance.Status),
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
            ("created", Look.Time(instance.CreatedAt)),
            ("operation", instance.OperationId)
        );
        foreach (var member in instance.Members)
        {
            run.Terminal.Screen.MarkupLineInterpolated(
                CultureInfo.InvariantCulture,
                $"[dim]member[/] {member.Id} {member.Role} {member.Status} in {member.Region}"
            );
        }

        foreach (var pending in instance.PendingChanges)
        {
            var due =
                pending.DueAt.Length == 0 ? "after a restart by hand" : $"from {pending.DueAt}";
            run.Terminal.Screen.MarkupLineInterpolated(
                $"[yellow]pending[/] {pending.Property}: {pending.Reason} ({due})"
            );
        }
    }
}
