using System.ComponentModel.DataAnnotations;

namespace Dbaas.Control.Operations;

/// <summary>Settings of the operation engine (section <c>operations</c>).</summary>
internal sealed class OperationsOptions
{
    /// <summary>
    /// How long a silo's claim on an operation holds without renewal, in seconds. 4: what a dead silo left goes on within 5 s.
    /// </summary>
    [Range(1, 60)]
    public int ClaimSeconds { get; set; } = 4;

    /// <summary>Partitions of the sweep; each has a grain of its own. 4 is enough for tens of thousands of unfinished operations.</summary>
    [Range(1, 256)]
    public int Partitions { get; set; } = 4;

    /// <summary>Pause between two sweeps of a partition, in milliseconds.</summary>
    [Range(100, 60_000)]
    public int SweepMilliseconds { get; set; } = 1000;

    /// <summary>
    /// For fault tests only: <c>KIND/STEP</c>, for example <c>instance.create/create-volume</c>. The process ends by SIGKILL right
    /// after that step was saved.
    /// </summary>
    public string? CrashAfterStep { get; set; }
}
