using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;
using Dbaas.EndToEnd.Tests.Harness.Simulated;

namespace Dbaas.Benchmarks.Scale;

/// <summary>Makes many instances of one tenant.</summary>
internal sealed class Fleet(SimulatedPlatform platform, string key)
{
    private const int PatientSeconds = 60;

    public static JsonObject Inputs(string name) =>
        new()
        {
            ["name"] = name,
            ["engine"] = "postgresql",
            ["region"] = SimulatedPlatform.Region,
            ["cpu"] = 0.5,
            ["memoryGib"] = 1,
            ["storageGib"] = 1,
            ["tags"] = new JsonObject { ["team"] = "bench" },
        };

    /// <summary>So many creates with so many under way at a time; returns when all are available.</summary>
    /// <returns>Seconds that each create took.</returns>
    public async Task<IReadOnlyList<double>> CreateAsync(
        string prefix,
        int count,
        int atOnce,
        CancellationToken cancellationToken
    )
    {
        using var rest = platform.Rest(key);
        var seconds = new double[count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = atOnce,
                CancellationToken = cancellationToken,
            },
            async (number, _) =>
            {
                var watch = Stopwatch.StartNew();
                var (status, body) = await rest.SendAsync(
                    HttpMethod.Post,
                    "/v1/instances",
                    Inputs($"{prefix}-{number}"),
                    PatientSeconds
                );
                var answer = JsonNode.Parse(body)!;
                if (status == HttpStatusCode.Accepted)
                {
                    await AvailableAsync(rest, (string)answer["resourceId"]!);
                }
                else
                {
                    Assert.True(status == HttpStatusCode.Created, body);
                }

                seconds[number] = watch.Elapsed.TotalSeconds;
            }
        );
        return seconds;
    }

    private static Task<string> AvailableAsync(RestClient rest, string id) =>
        Eventually.BecomesAsync(
            async () => (string)(await rest.GetAsync($"/v1/instances/{id}"))["status"]!,
            status => status == "available",
            TimeSpan.FromMinutes(5),
            id
        );
}
