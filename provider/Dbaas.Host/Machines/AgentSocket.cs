using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Dbaas.Host.Native;
using Dbaas.Protocol.Host;
using Google.Protobuf;

namespace Dbaas.Host.Machines;

/// <summary>Relays HTTP/1.1 to the agent in a machine over its Unix socket.</summary>
internal sealed class AgentSocket(MachineFolder folder)
{
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(30);
    private const int AnswerBytes = 4 << 20;

    /// <exception cref="HostRefusal">The agent does not answer.</exception>
    public async Task<AgentReply> CallAsync(AgentCall call, CancellationToken cancellationToken)
    {
        if (!call.Path.StartsWith('/'))
        {
            throw new HostRefusal(
                RefusalKind.Invalid,
                "agent.invalid_path",
                "The path of an agent call begins with a slash."
            );
        }
        using var client = Client(call.MachineId);
        client.Timeout =
            call.TimeoutSeconds > 0 ? TimeSpan.FromSeconds(call.TimeoutSeconds) : DefaultDeadline;
        using var request = new HttpRequestMessage(
            call.Body.IsEmpty ? HttpMethod.Get : HttpMethod.Post,
            new Uri("http://agent" + call.Path)
        );
        if (!call.Body.IsEmpty)
        {
            request.Content = new ByteArrayContent(call.Body.ToByteArray());
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return new()
            {
                Status = (int)response.StatusCode,
                Body = UnsafeByteOperations.UnsafeWrap(body),
            };
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException
                || (
                    exception is OperationCanceledException
                    && !cancellationToken.IsCancellationRequested
                )
            )
        {
            throw new HostRefusal(
                RefusalKind.Unavailable,
                "agent.unreachable",
                $"The agent of machine {call.MachineId} does not answer: {exception.Message}",
                exception
            );
        }
    }

    /// <summary>Whether something listens on the socket.</summary>
    public async Task<bool> IsReachableAsync(string machineId, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = await ConnectAsync(machineId, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    private HttpClient Client(string machineId) =>
        new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectCallback = async (_, token) => await ConnectAsync(machineId, token),
            }
        )
        {
            MaxResponseContentBufferSize = AnswerBytes,
        };

    private async Task<NetworkStream> ConnectAsync(
        string machineId,
        CancellationToken cancellationToken
    )
    {
        // The folder belongs to the machine. By name, a link put there could lead root to another program's socket; by descriptor
        // the thing itself is meant. It also keeps long root folders below the 108 bytes a socket's name may have.
        using var entry = Descriptor.OpenPath(folder.Socket(machineId));
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(
                new UnixDomainSocketEndPoint(entry.ProcPath),
                cancellationToken
            );
            return new(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
