using System.Net.Sockets;
using System.Text;

namespace Dbaas.Host.Tests.Gateway;

/// <summary>A connection through the gateway that lives as long as the test wants.</summary>
internal sealed class EchoClient : IDisposable
{
    private readonly TcpClient client;
    private readonly StreamReader reader;

    private EchoClient(TcpClient client)
    {
        this.client = client;
        reader = new(client.GetStream());
    }

    public static async Task<EchoClient> ConnectAsync(string address, int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address, port, TestContext.Current.CancellationToken);
        return new(client);
    }

    /// <summary>The answer, or null when the connection ended.</summary>
    public async Task<string?> SayAsync(string line)
    {
        try
        {
            await client
                .GetStream()
                .WriteAsync(
                    Encoding.UTF8.GetBytes(line + "\n"),
                    TestContext.Current.CancellationToken
                );
            return await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>One connection, one line; null when nobody answers.</summary>
    public static async Task<string?> TryAsync(string address, int port)
    {
        try
        {
            using var client = await ConnectAsync(address, port);
            return await client.SayAsync("hello");
        }
        catch (SocketException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        reader.Dispose();
        client.Dispose();
    }
}
