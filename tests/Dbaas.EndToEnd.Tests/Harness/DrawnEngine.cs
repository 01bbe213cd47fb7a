namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>
/// For tests that take a minute with each engine and are about the platform: a run meets one engine, drawn, in one half of them and the other
/// engine in the other half. All of them meet both when everything is tried (<see cref="Extent.IsWhole"/>).
/// </summary>
internal static class DrawnEngine
{
    private static readonly string[] s_engines = Drawn();

    public static TheoryData<string> One { get; } =
    [.. Extent.IsWhole ? s_engines : s_engines[..1]];

    public static TheoryData<string> Other { get; } =
    [.. Extent.IsWhole ? s_engines : s_engines[1..]];

    private static string[] Drawn()
    {
        string[] engines = ["postgresql", "mysql"];
        Random.Shared.Shuffle(engines);
        return engines;
    }
}
