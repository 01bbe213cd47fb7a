using System.Net.Sockets;
using System.Text;

namespace Dbaas.Host.Gateway;

/// <summary>One of HAProxy's command sockets: one connection a command, the answer ends with the connection.</summary>
/// <param name="path">On the host.</param>
/// <param name="time">Bounds the attempts.</param>
internal sealed class HaproxySocket(string path, TimeProvider time)
{
    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(15);
    private const int Attempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Sends a command and gives back all that is answered.</summary>
    /// <exception cref="GatewayException">Nobody listens, even after a restart's time.</exception>
    public async Task<string> AskAsync(string command, CancellationToken cancellationToken)
    {
        // A worker that just gave way resets the connection; its successor listens at the same path. All commands can be repeated.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AskOnceAsync(command, cancellationToken);
            }
            catch (IOException) when (attempt < Attempts)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (IOException exception)
            {
                throw Silent(exception);
            }
        }
    }

    private async Task<string> AskOnceAsync(string command, CancellationToken cancellationToken)
    {
        using var socket = await ConnectAsync(cancellationToken);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"), cancellationToken);
        // The master passes commands on to old workers and waits for the end of ours before it ends its answer.
        socket.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(AnswerDeadline);
        try
        {
            return (await reader.ReadToEndAsync(patience.Token)).Trim();
        }
        catch (OperationCanceledException exception)
            when (!cancellationToken.IsCancellationRequested)
        {
            throw Silent(exception);
        }
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var socket = new Socket(
                AddressFamily.Unix,
                SocketType.Stream,
                ProtocolType.Unspecified
            );
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return socket;
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                if (time.GetElapsedTime(started) > ConnectDeadline)
                {
                    throw Silent(exception);
                }
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private static GatewayException Silent(Exception exception) =>
        new(
            "gateway.start_failed",
            $"The region's HAProxy does not answer: {exception.Message}.",
            retryable: true,
            exception
        );
}
