using System.Globalization;
using Dbaas.Client.Instances;
using Dbaas.Engines;

namespace Dbaas.Control.Instances.Rules;

/// <content>Memory, storage and plain numbers.</content>
internal static partial class SpecRules
{
    private static double MemoryOf(
        InstanceInputs wanted,
        IDatabaseEngine? engine,
        string version,
        RuleSheet sheet
    )
    {
        var minimum =
            engine
                ?.Versions.FirstOrDefault(candidate => candidate.Major == engine.MajorOf(version))
                ?.MinimumMemoryGib
            ?? 0.25;
        return Number(
            wanted.MemoryGib ?? 1,
            minimum,
            1024,
            "/memoryGib",
            InstanceProblems.Memory,
            "GiB",
            sheet
        );
    }

    private static int StorageOf(InstanceInputs wanted, InstanceSpec? current, RuleSheet sheet)
    {
        // Absent on a change means "as it is": a default below today's size would ask for the impossible.
        var storage = wanted.StorageGib ?? Math.Max(10, current?.StorageGib ?? 0);
        if (current is not null && storage < current.StorageGib)
        {
            sheet.Error(
                "/storageGib",
                InstanceProblems.Shrink,
                $"The volume has {current.StorageGib} GiB and never shrinks.",
                string.Create(CultureInfo.InvariantCulture, $"{current.StorageGib} to 65536")
            );
        }
        else
        {
            Number(storage, 1, 65536, "/storageGib", InstanceProblems.Storage, "GiB", sheet);
        }

        return storage;
    }

    private static double Number(
        double value,
        double minimum,
        double maximum,
        string pointer,
        string code,
        string unit,
        RuleSheet sheet
    )
    {
        if (!double.IsFinite(value) || value < minimum || value > maximum)
        {
            sheet.Error(
                pointer,
                code,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{value} {unit} is outside {minimum} to {maximum} {unit}."
                ),
                string.Create(CultureInfo.InvariantCulture, $"{minimum} to {maximum}")
            );
        }

        return value;
    }
}
