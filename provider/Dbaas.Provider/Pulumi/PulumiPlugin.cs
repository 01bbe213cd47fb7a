using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Pulumi.Engine;
using Dbaas.Schema;

namespace Dbaas.Provider.Pulumi;

/// <summary>The whole life of a Pulumi plugin process: listen, print the port, serve, end.</summary>
internal sealed class PulumiPlugin(PulumiLaunch launch, TimeProvider time)
{
    // The engine kills five seconds after its signal; what is under way may use most of them to answer with what it has.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(4);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = EndOn(PosixSignal.SIGINT, ended);
        using var terminate = EndOn(PosixSignal.SIGTERM, ended);
        var trust = SystemTrust.Detach();
        using var session = new ProviderSession(
            PackageSchema.Embedded,
            HostTool.Pulumi,
            trust,
            time
        );
        using var engine = new EngineHost();
        engine.Use(launch.EngineAddress);
        var methods = new PulumiService(PackageSchema.Embedded, session, engine)
            .Methods()
            .ToDictionary(StringComparer.Ordinal);
        using var server = PluginServer.OnLoopback(methods);
        await server.StartAsync(cancellationToken);
        await AnnounceAsync(server.Port, cancellationToken);
        try
        {
            await new EngineWatch(server, engine, time).WaitAsync(ended.Token);
        }
        catch (OperationCanceledException)
        {
            // Asked to end.
        }

        session.Stop();
        await server.StopAsync(Grace);
        if (ended.IsCancellationRequested)
        {
            // Asked to end by an engine that lives, unlike one that has vanished.
            await session.FinishAsync();
        }

        return 0;
    }

    private static PosixSignalRegistration EndOn(PosixSignal signal, CancellationTokenSource end) =>
        PosixSignalRegistration.Create(
            signal,
            context =>
            {
                context.Cancel = true;
                end.Cancel();
            }
        );

    /// <summary>The port and a line feed, and nothing before it: the engine takes the first line for the port, whatever it is.</summary>
    private static async Task AnnounceAsync(int port, CancellationToken cancellationToken)
    {
        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{port}\n")),
            cancellationToken
        );
        await output.FlushAsync(cancellationToken);
    }
}
