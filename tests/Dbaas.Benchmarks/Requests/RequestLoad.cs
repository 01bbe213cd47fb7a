using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace Dbaas.Benchmarks.Requests;

/// <summary>A number of clients, each with a connection of its own, that ask as fast as they are answered.</summary>
internal sealed class RequestLoad(string endpoint, string caFile, string key)
{
    public const int Clients = 32;

    /// <returns>Requests a second, and the milliseconds within which 99 of 100 were answered.</returns>
    public async Task<(double ASecond, double P99)> RunAsync(
        string path,
        TimeSpan length,
        CancellationToken cancellationToken
    )
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            MaxConnectionsPerServer = Clients,
        };
        handler.SslOptions.CertificateChainPolicy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(caFile) },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        using var client = new HttpClient(handler) { BaseAddress = new(endpoint) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        // Connections, and on both sides the code that is compiled only once it is used.
        await AskAsync(client, path, length / 4, cancellationToken);
        var watch = Stopwatch.StartNew();
        var took = await AskAsync(client, path, length, cancellationToken);
        var seconds = watch.Elapsed.TotalSeconds;
        took.Sort();
        return (took.Count / seconds, took[(int)(took.Count * 0.99)]);
    }

    private static async Task<List<double>> AskAsync(
        HttpClient client,
        string path,
        TimeSpan length,
        CancellationToken cancellationToken
    )
    {
        var watch = Stopwatch.StartNew();
        var clients = await Task.WhenAll(
            Enumerable
                .Range(0, Clients)
                .Select(_ =>
                    Task.Run(
                        async () =>
                        {
                            List<double> mine = [];
                            while (watch.Elapsed < length)
                            {
                                var began = Stopwatch.GetTimestamp();
                                using var answer = await client.GetAsync(path, cancellationToken);
                                answer.EnsureSuccessStatusCode();
                                mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                            }

                            return mine;
                        },
                        cancellationToken
                    )
                )
        );
        return [.. clients.SelectMany(mine => mine)];
    }
}
