using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Dbaas.Benchmarks.Figures;
using Dbaas.Benchmarks.Scale;
using Dbaas.EndToEnd.Tests.Harness.Simulated;

namespace Dbaas.Benchmarks.Requests;

/// <summary>Requests a second of the control service against a bare endpoint that answers the same, in turns.</summary>
internal sealed class RequestBenchmark(SimulatedPlatform platform, string folder)
{
    private const int Instances = 100;
    private const string Peer = "bare ASP.NET Core endpoint, same answer from memory";

    public async Task<IReadOnlyList<Comparison>> RunAsync(
        int rounds,
        int seconds,
        CancellationToken cancellationToken
    )
    {
        var key = await platform.TenantAsync("requests", Instances);
        await new Fleet(platform, key).CreateAsync("r", Instances, 16, cancellationToken);
        using var rest = platform.Rest(key);
        const string list = "/v1/instances?limit=50";
        var page = await rest.GetAsync(list);
        var one = page["items"]![0]!;
        var read = $"/v1/instances/{one["id"]}";
        var port = FreePort();
        using var bare = await BareEndpoint.StartAsync(
            port.ToString(CultureInfo.InvariantCulture),
            platform.CertificateFile,
            platform.CertificateKeyFile,
            Write("one.json", one),
            Write("page.json", page)
        );
        try
        {
            var ours = new RequestLoad(platform.Endpoint, platform.CaFile, key);
            var theirs = new RequestLoad($"https://127.0.0.1:{port}", platform.CaFile, key);
            return
            [
                .. await CompareAsync("read of one instance", read, ours, theirs),
                .. await CompareAsync("list of 50 instances", list, ours, theirs),
            ];
        }
        finally
        {
            bare.Kill();
            await bare.WaitForExitAsync(CancellationToken.None);
        }

        async Task<IReadOnlyList<Comparison>> CompareAsync(
            string what,
            string path,
            RequestLoad ours,
            RequestLoad theirs
        )
        {
            Series rate = new(),
                peerRate = new(),
                p99 = new(),
                peerP99 = new();
            for (var round = 1; round <= rounds; round++)
            {
                var length = TimeSpan.FromSeconds(seconds);
                var mine = await ours.RunAsync(path, length, cancellationToken);
                var peer = await theirs.RunAsync(path, length, cancellationToken);
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{what} {round}/{rounds}: {mine.ASecond:0}/s, p99 {mine.P99:0.0} ms; bare {peer.ASecond:0}/s, p99 {peer.P99:0.0} ms"
                    )
                );
                rate.Add(mine.ASecond);
                p99.Add(mine.P99);
                peerRate.Add(peer.ASecond);
                peerP99.Add(peer.P99);
            }

            return
            [
                new(
                    $"Control service: {what}",
                    "requests/s",
                    "0",
                    rate,
                    Peer,
                    peerRate,
                    Goal.AtLeast(0.5)
                ),
                new(
                    $"Control service: {what}, 99 of 100 within",
                    "ms",
                    "0.0",
                    p99,
                    Peer,
                    peerP99,
                    null
                ),
            ];
        }
    }

    private string Write(string name, JsonNode content)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, content.ToJsonString());
        return file;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
