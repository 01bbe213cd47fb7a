using System.Net.Sockets;
using System.Text;
using Dbaas.Host.Native;

namespace Dbaas.Host.Gateway;

/// <summary>
/// Receives HAProxy's log lines, which name each client, and hands them to the daemon's own log: that one is rotated, a container's
/// console is not. While no daemon listens the lines are lost; HAProxy never waits for us.
/// </summary>
internal sealed partial class ConnectionLog(string path, int uid, ILogger<ConnectionLog> logger)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private Task receiving = Task.CompletedTask;

    public void Start()
    {
        if (!receiving.IsCompleted)
        {
            return;
        }
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        Ownership.Give(path, uid);
        receiving = ReceiveAsync(socket, ending.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await receiving;
        ending.Dispose();
    }

    private async Task ReceiveAsync(Socket socket, CancellationToken cancellationToken)
    {
        using (socket)
        {
            var buffer = new byte[8192];
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    var length = await socket.ReceiveAsync(buffer, cancellationToken);
                    LogConnection(Message(Encoding.UTF8.GetString(buffer, 0, length)));
                }
                catch (OperationCanceledException)
                {
                    return;
                }
                catch (SocketException exception)
                {
                    LogLost(exception);
                    return;
                }
            }
        }
    }

    /// <summary>Without the syslog header (RFC 3164) that HAProxy puts before its own process id.</summary>
    internal static string Message(string datagram)
    {
        var end = datagram.IndexOf("]: ", StringComparison.Ordinal);
        return (end < 0 ? datagram : datagram[(end + 3)..]).TrimEnd();
    }

    [LoggerMessage(4824, LogLevel.Information, "Gateway: {Message}")]
    private partial void LogConnection(string message);

    [LoggerMessage(4825, LogLevel.Warning, "The gateway's log is not received any more")]
    private partial void LogLost(Exception exception);
}
