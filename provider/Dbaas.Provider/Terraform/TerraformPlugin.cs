using System.Text;
using System.Text.Json.Nodes;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Hosting;
using Dbaas.Schema;
using Microsoft.Extensions.Logging;

namespace Dbaas.Provider.Terraform;

/// <summary>The whole life of a Terraform plugin process: listen, print one line, serve, end.</summary>
internal sealed partial class TerraformPlugin(PluginLaunch launch, TimeProvider time)
{
    // The host closes its connection as soon as it has the answer; this is for the answer to leave.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);
    private readonly HclogLogger logger = new("dbaas", time);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var trust = SystemTrust.Detach();
        using var session = new ProviderSession(
            PackageSchema.Embedded,
            HostTool.Terraform,
            trust,
            time
        );
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var methods = new TerraformService(PackageSchema.Embedded, session)
            .Methods()
            .Concat(PluginServices.Methods(session.FinishAsync, () => ended.TrySetResult()))
            .ToDictionary(StringComparer.Ordinal);
        using var folder = SocketFolder.Create(launch.SocketFolder);
        using var tls = launch.ClientCertificatePem is { } pem
            ? new PluginTls(pem, time.GetUtcNow())
            : null;
        using var server = PluginServer.OnSocket(methods, folder.Socket, tls);
        await server.StartAsync(cancellationToken);
        await AnnounceAsync(folder.Socket, tls, cancellationToken);
        LogServing(logger, folder.Socket);
        folder.SweepOthers();

        if (launch.Debug)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else
        {
            await Task.WhenAny(
                ended.Task,
                new OrphanWatch(() => server.Connections, Native.OutputIsRead, time).WaitAsync(
                    cancellationToken
                )
            );
        }

        session.Stop();
        await server.StopAsync(Grace);
        return 0;
    }

    /// <summary>The only line that ever goes to stdout; anything before it would end the launch.</summary>
    private async Task AnnounceAsync(
        string socket,
        PluginTls? tls,
        CancellationToken cancellationToken
    )
    {
        var line = launch.Debug
            ? $"TF_REATTACH_PROVIDERS='{Reattach(socket)}'\n"
            : $"1|6|unix|{socket}|grpc|{tls?.HandshakeField}\n";
        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(Encoding.UTF8.GetBytes(line), cancellationToken);
        await output.FlushAsync(cancellationToken);
    }

    private static string Reattach(string socket) =>
        new JsonObject
        {
            ["dbaas.internal/dbaas/dbaas"] = new JsonObject
            {
                ["Protocol"] = "grpc",
                ["ProtocolVersion"] = 6,
                ["Pid"] = Environment.ProcessId,
                ["Test"] = true,
                ["Addr"] = new JsonObject { ["Network"] = "unix", ["String"] = socket },
            },
        }.ToJsonString();

    [LoggerMessage(6001, LogLevel.Debug, "Serving on {Socket}")]
    private static partial void LogServing(ILogger logger, string socket);
}
