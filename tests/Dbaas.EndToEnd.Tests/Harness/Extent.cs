namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>How much a run tries: a sample in <c>make test</c>, everything in a <c>make faults</c> of an hour or more.</summary>
internal static class Extent
{
    /// <summary>Whether everything is tried (<c>DBAAS_FAULTS=all</c>), and not a sample.</summary>
    public static bool IsWhole { get; } =
        Environment.GetEnvironmentVariable("DBAAS_FAULTS") == "all";
}
