using System.Globalization;
using Dbaas.Client.Instances;
using Dbaas.Client.Operations;
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
        Number(storage, 1, 65536, "/storageGib", InstanceProblems.Storage, "GiB", sheet);
        if (current is null || storage >= current.StorageGib)
        {
            return storage;
        }

        // A whole wish names a floor, and it is met. Somebody grew the volume beside the file that says less, and the next change of
        // that file must not fail for it. A patch that names a smaller size is refused where it comes in (MergePatch).
        sheet.Warning(
            "/storageGib",
            InstanceProblems.Shrink,
            $"The volume has {current.StorageGib} GiB and never shrinks; it stays as it is.",
            ShrinkAllowed(current)
        );
        return current.StorageGib;
    }

    /// <summary>A smaller size that was asked for by itself.</summary>
    public static FieldProblem Shrink(InstanceSpec current) =>
        new(
            "/storageGib",
            InstanceProblems.Shrink,
            $"The volume has {current.StorageGib} GiB and never shrinks.",
            ShrinkAllowed(current)
        );

    private static string ShrinkAllowed(InstanceSpec current) =>
        string.Create(CultureInfo.InvariantCulture, $"{current.StorageGib} to 65536");

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
