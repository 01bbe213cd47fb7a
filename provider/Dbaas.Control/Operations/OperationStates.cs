namespace Dbaas.Control.Operations;

/// <summary>States of an operation and of its steps, and the directions in which it runs. Words of the public contract.</summary>
internal static class OperationStates
{
    public const string Queued = "queued";
    public const string Running = "running";
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";
    public const string Undone = "undone";
    public const string Cancelled = "cancelled";

    public const string StepWaiting = "waiting";
    public const string StepRunning = "running";
    public const string StepDone = "done";
    public const string StepFailed = "failed";
    public const string StepUndone = "undone";

    public const string Do = "do";
    public const string Undo = "undo";

    public static IReadOnlyList<string> All { get; } =
    [Queued, Running, Succeeded, Failed, Undone, Cancelled];

    public static bool HasEnded(string state) =>
        state is Succeeded or Failed or Undone or Cancelled;
}
