using System.Net.Sockets;

namespace Dbaas.Engines.Tests.Machines;

/// <summary>A client that speaks whatever it likes to an engine's port, and waits for no answer longer than its patience.</summary>
internal sealed class StrangeClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly TcpClient _client = new();
    private readonly CancellationTokenSource _patience = new(s_patience);

    // Kept: a client that the server has reset says of itself that it is not connected, though what came before can still be read.
    private NetworkStream _stream = null!;

    private StrangeClient() { }

    public static async Task<StrangeClient> ConnectAsync(TestMachine machine)
    {
        var client = new StrangeClient();
        await client._client.ConnectAsync(
            machine.Address,
            machine.Engine.Port,
            client._patience.Token
        );
        client._stream = client._client.GetStream();
        return client;
    }

    public async Task SayAsync(byte[] bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes, _patience.Token);
        }
        catch (IOException)
        {
            // The server has hung up on what was said before.
        }
    }

    public async Task<byte[]> HearAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, _patience.Token);
        return bytes;
    }

    /// <summary>For a server that waits for the rest of what was begun.</summary>
    public void SayNoMore()
    {
        try
        {
            _client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server has hung up already.
        }
    }

    /// <summary>Until the server hangs up, whatever it says before.</summary>
    /// <exception cref="TimeoutException">It does not.</exception>
    public async Task IsHungUpOnAsync()
    {
        var bytes = new byte[4096];
        try
        {
            while (await _stream.ReadAsync(bytes, _patience.Token) > 0)
            {
                // An error, an alert, or the beginning of a handshake: nothing that this client understands.
            }
        }
        catch (IOException)
        {
            // A server that has not read all that was sent ends the connection with a reset.
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The server has not hung up within {s_patience}.");
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _patience.Dispose();
    }
}
