using System.Runtime.InteropServices;
using Dbaas.Engines;
using Dbaas.Engines.Processes;
using Dbaas.Protocol.Agent;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Dbaas.Agent.Serving;

/// <summary>
/// The agent: bare Kestrel on a Unix socket, no host, no container, because it must be up in milliseconds and small. It may be
/// killed at any time; the next one takes the engine back. SIGTERM means that the machine stops, and the engine with it.
/// </summary>
internal static class AgentServer
{
    // Group and others get nothing: neither keys, nor logs, nor the socket.
    private const uint PrivateMask = 0x3F; // 077
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(110);

    public static async Task<int> RunAsync()
    {
        _ = Libc.UMask(PrivateMask);
        var path = AgentPaths.SocketPath;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // The socket of an agent that was killed; a name that still exists cannot be bound.
        File.Delete(path);
        var stopping = new TaskCompletionSource();
        using var term = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            signal =>
            {
                signal.Cancel = true;
                stopping.TrySetResult();
            }
        );

        var member = new MachineMember(
            new MemberEnvironment { Time = TimeProvider.System, Log = AgentLog.Write }
        );
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = 4 * 1024 * 1024;
        options.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http1);
        using var server = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(
                Options.Create(new SocketTransportOptions { IOQueueCount = 1 }),
                NullLoggerFactory.Instance
            ),
            NullLoggerFactory.Instance
        );
        // Health is answered from the first moment; changes wait until the engine is taken back.
        var adopted = member.AdoptAsync(CancellationToken.None);
        await server.StartAsync(new AgentApplication(member, adopted), CancellationToken.None);
        AgentLog.Write("The agent serves.");
        await stopping.Task;
        using var limit = new CancellationTokenSource(StopLimit);
        await adopted;
        await member.StopAsync(limit.Token);
        await server.StopAsync(limit.Token);
        return 0;
    }
}
