namespace Dbaas.MachineDrivers.Tests.Hosts;

/// <summary>Names, addresses and ports of this run; runs beside each other on one box set <c>DBAAS_TEST_INSTALLATION</c>.</summary>
internal static class TestRange
{
    public static string InstallationId { get; } =
        Environment.GetEnvironmentVariable("DBAAS_TEST_INSTALLATION") is { Length: 8 } given
            ? "d" + given[1..]
            : "0e57a0d1";

    private static readonly int s_network = Convert.ToInt32(InstallationId[6..], 16) % 30;

    public static string Root { get; } = $"/var/tmp/dbaas-driver-tests-{InstallationId}";

    /// <summary>First two numbers of the machines' addresses.</summary>
    public static string Machines { get; } = $"10.{150 + s_network}";

    /// <summary>First two numbers of the endpoints' addresses.</summary>
    public static string Endpoints { get; } = $"127.{50 + s_network}";

    public static int Port(int number) => 23000 + s_network * 100 + number;
}
