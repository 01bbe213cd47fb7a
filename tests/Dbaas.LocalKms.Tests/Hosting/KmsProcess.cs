using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Dbaas.LocalKms.Tests.Hosting;

/// <summary>The service as a process of its own, so that it can be killed.</summary>
internal sealed class KmsProcess : IDisposable
{
    private readonly Process process;
    private readonly List<string> output = [];

    private KmsProcess(Process process) => this.process = process;

    public int Id => process.Id;

    public string Output
    {
        get
        {
            lock (output)
            {
                return string.Join('\n', output);
            }
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task<KmsProcess> StartAsync(
        string configPath,
        int port,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } host && host.EndsWith("dotnet", StringComparison.Ordinal)
                ? host
                : "dotnet"
        )
        {
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "Dbaas.LocalKms.dll"),
                "--config",
                configPath,
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var running = new KmsProcess(Process.Start(start)!);
        running.process.OutputDataReceived += running.Keep;
        running.process.ErrorDataReceived += running.Keep;
        running.process.BeginOutputReadLine();
        running.process.BeginErrorReadLine();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, deadline.Token);
                return running;
            }
            catch (SocketException) when (!running.process.HasExited)
            {
                await Task.Delay(20, deadline.Token);
            }
        }
    }

    public async Task KillAsync(CancellationToken cancellationToken)
    {
        process.Kill();
        await process.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (output)
        {
            output.Add(line.Data ?? "");
        }
    }
}
