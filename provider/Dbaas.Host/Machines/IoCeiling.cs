namespace Dbaas.Host.Machines;

/// <summary>
/// I/O a machine may do on its volume. Operations grow with cores, bytes with operations at 64 KiB each; documented in
/// docs/adr/0041-machine-network-and-io.md. Counted at the volume's own device, reads and writes apart.
/// </summary>
/// <param name="OperationsPerSecond">Reads, and as many writes.</param>
/// <param name="BytesPerSecond">Read, and as many written.</param>
internal sealed record IoCeiling(int OperationsPerSecond, long BytesPerSecond)
{
    private const int OperationsPerCore = 3000;
    private const int FewestOperations = 1500;
    private const int MostOperations = 64_000;
    private const long BytesPerOperation = 64 << 10;

    /// <summary>From the request when it says something, else from the cores.</summary>
    public static IoCeiling For(double cpu, int requestedIops)
    {
        var operations =
            requestedIops > 0
                ? requestedIops
                : Math.Clamp((int)(cpu * OperationsPerCore), FewestOperations, MostOperations);
        return new(operations, operations * BytesPerOperation);
    }
}
