using System.Net.Sockets;
using Dbaas.Provider.Hosting;

namespace Dbaas.Provider.Pulumi.Engine;

/// <summary>
/// Notices that the engine is gone: another parent, or nobody connected while its own port no longer answers. A closed connection alone
/// means nothing, because an engine drops one it has not used for a while and comes back.
/// </summary>
internal sealed class EngineWatch(PluginServer server, EngineHost engine, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private const int ChecksAlone = 5;

    /// <summary>Returns when the process should end.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var parent = Native.ParentProcessId();
        using var timer = new PeriodicTimer(Interval, time);
        var alone = 0;
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (Native.ParentProcessId() != parent)
            {
                return;
            }

            alone = server.Connections == 0 ? alone + 1 : 0;
            if (alone < ChecksAlone || engine.Address is not { } address)
            {
                continue;
            }

            if (await IsGoneAsync(address, cancellationToken))
            {
                return;
            }

            alone = 0;
        }
    }

    private static async Task<bool> IsGoneAsync(string address, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate($"http://{address}", UriKind.Absolute, out var uri))
        {
            return false;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync(uri.Host, uri.Port, patience.Token);
            return false;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            // Slow is not gone.
            return false;
        }
    }
}
