namespace Dbaas.Engines.Tests.Machines;

/// <summary>Folder suffix and addresses of this run; two runs beside each other on one box set <c>DBAAS_TEST_INSTALLATION</c>.</summary>
internal static class TestNetwork
{
    private static readonly string Installation =
        Environment.GetEnvironmentVariable("DBAAS_TEST_INSTALLATION") ?? "";

    /// <summary>Empty for the only run on a box.</summary>
    public static string Suffix { get; } = Installation.Length > 0 ? "-" + Installation : "";

    /// <summary>First two numbers of every address, 127.77 for the only run on a box.</summary>
    public static string Prefix { get; } =
        Installation.Length > 0
            ? $"127.{150 + Convert.ToInt32(Installation[^2..], 16) % 100}"
            : "127.77";
}
