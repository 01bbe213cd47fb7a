using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dbaas.Host.Tests.Gateway;

/// <summary>Answers each line with its own name and the line, so that a client sees which server it reached.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly TcpListener listener;
    private readonly Task accepting;

    public EchoServer(string name)
    {
        Name = name;
        listener = new(IPAddress.Loopback, 0);
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Name { get; }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        await accepting;
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                clients.Add(ServeAsync(await listener.AcceptTcpClientAsync(ending.Token)));
            }
        }
        catch (Exception exception)
            when (exception
                    is OperationCanceledException
                        or SocketException
                        or InvalidOperationException // stopped between two clients
            )
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var reader = new StreamReader(client.GetStream());
                while (await reader.ReadLineAsync(ending.Token) is { } line)
                {
                    await client
                        .GetStream()
                        .WriteAsync(Encoding.UTF8.GetBytes($"{Name} {line}\n"), ending.Token);
                }
            }
            catch (Exception exception)
                when (exception is OperationCanceledException or IOException)
            {
                // The client went away, or the test is over.
            }
        }
    }
}
