using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dbaas.Supervisor.Control;

namespace Dbaas.Supervisor.Units;

/// <summary>Whether a unit answers.</summary>
internal sealed class Readiness(Func<ControlProbe> control) : IDisposable
{
    private readonly Lazy<ControlProbe> probe = new(control);

    public async Task<bool> IsReadyAsync(Unit unit, CancellationToken cancellationToken) =>
        unit.Ready.Split(':', 2) switch
        {
            ["control"] => await probe.Value.IsReadyAsync(cancellationToken),
            ["tcp", var port] => await AnswersAsync(
                new IPEndPoint(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture)),
                ProtocolType.Tcp,
                cancellationToken
            ),
            ["unix", var path] => await AnswersAsync(
                new UnixDomainSocketEndPoint(path),
                ProtocolType.Unspecified,
                cancellationToken
            ),
            _ => throw new InvalidOperationException(
                $"Unit {unit.Name} has no known readiness: {unit.Ready}"
            ),
        };

    public void Dispose()
    {
        if (probe.IsValueCreated)
        {
            probe.Value.Dispose();
        }
    }

    private static async Task<bool> AnswersAsync(
        EndPoint endPoint,
        ProtocolType protocol,
        CancellationToken cancellationToken
    )
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, protocol);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
