namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>
/// At which steps of a workflow a fault that lasts strikes, each in a run of its own: every other one, from the first or the second as
/// drawn, and the last, which is unlike the others. <c>DBAAS_CRASHES=all</c> tries every step, as <c>make faults</c> does.
/// </summary>
internal static class StepSample
{
    /// <summary>Whether everything is tried, and not a sample.</summary>
    public static bool IsWhole { get; } =
        Environment.GetEnvironmentVariable("DBAAS_CRASHES") == "all";

    /// <param name="count">How many steps there are; indices are below it.</param>
    public static IReadOnlyList<int> Of(int count)
    {
        var first = Random.Shared.Next(2);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Where(step => IsWhole || step % 2 == first || step == count - 1),
        ];
    }
}
