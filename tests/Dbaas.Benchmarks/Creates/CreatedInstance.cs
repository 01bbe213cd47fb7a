using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Benchmarks.Loads;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Creates;

/// <summary>One instance made over REST and asked a first question, with the time each part took.</summary>
internal sealed record CreatedInstance
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    // Often enough to add no visible time, seldom enough not to be the load that is measured.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    // Requests a second that all waiting together make: one key may ask for 50.
    private const int MostPolls = 30;
    private static int waiting;

    public required string Name { get; init; }

    /// <summary>From sending the request to 202.</summary>
    public required TimeSpan Accepted { get; init; }

    /// <summary>From 202 to the answer of <c>select 1</c> through the endpoint.</summary>
    public required TimeSpan FirstQuery { get; init; }

    /// <summary>Milliseconds each step took, as the operation tells, in its order.</summary>
    public required IReadOnlyList<(string Step, double Milliseconds)> Steps { get; init; }
    public required ServerAddress Address { get; init; }

    public static async Task<CreatedInstance> CreateAsync(
        RestClient rest,
        JsonObject inputs,
        string caFile,
        CancellationToken cancellationToken
    )
    {
        var name = (string)inputs["name"]!;
        var sent = Stopwatch.GetTimestamp();
        var (status, body) = await rest.SendAsync(HttpMethod.Post, "/v1/instances", inputs);
        var accepted = Stopwatch.GetTimestamp();
        Assert.True(status == HttpStatusCode.Accepted, $"POST /v1/instances: {(int)status} {body}");
        var operation = await FinishedAsync(
            rest,
            (string)JsonNode.Parse(body)!["id"]!,
            cancellationToken
        );
        var credentials = await rest.GetAsync($"/v1/instances/{name}/credentials");
        await File.WriteAllTextAsync(caFile, (string)credentials["ca"]!, cancellationToken);
        var address = new ServerAddress(
            (string)credentials["host"]!,
            credentials["port"]!.GetValue<int>(),
            (string)credentials["username"]!,
            (string)credentials["password"]!,
            (string)credentials["database"]!,
            caFile
        );
        var engine = MeasuredEngine.Of(inputs);
        await using var connection = await engine.OpenAsync(address, cancellationToken);
        await using (var query = connection.CreateCommand())
        {
            query.CommandText = "select 1";
            Assert.Equal("1", Text(await query.ExecuteScalarAsync(cancellationToken)));
        }

        var answered = Stopwatch.GetTimestamp();
        await using var cipher = connection.CreateCommand();
        cipher.CommandText = engine.TlsQuery;
        Assert.Equal("TLSv1.3", Text(await cipher.ExecuteScalarAsync(cancellationToken)));
        return new()
        {
            Name = name,
            Accepted = Stopwatch.GetElapsedTime(sent, accepted),
            FirstQuery = Stopwatch.GetElapsedTime(accepted, answered),
            Address = address,
            Steps =
            [
                .. operation["steps"]!
                    .AsArray()
                    .Select(step =>
                        (
                            (string)step!["name"]!,
                            step["durationMilliseconds"]?.GetValue<double>() ?? 0
                        )
                    ),
            ],
        };
    }

    /// <summary>Gone, with everything it had.</summary>
    public async Task DeleteAsync(RestClient rest, CancellationToken cancellationToken)
    {
        var (status, body) = await rest.SendAsync(HttpMethod.Delete, $"/v1/instances/{Name}");
        Assert.True((int)status < 300, $"DELETE {Name}: {(int)status} {body}");
        if (status == HttpStatusCode.Accepted)
        {
            await FinishedAsync(rest, (string)JsonNode.Parse(body)!["id"]!, cancellationToken);
        }
    }

    private static async Task<JsonNode> FinishedAsync(
        RestClient rest,
        string id,
        CancellationToken cancellationToken
    )
    {
        var watch = Stopwatch.StartNew();
        Interlocked.Increment(ref waiting);
        try
        {
            return await PolledAsync(rest, id, watch, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private static async Task<JsonNode> PolledAsync(
        RestClient rest,
        string id,
        Stopwatch watch,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var operation = await rest.GetAsync($"/v1/operations/{id}");
            switch ((string)operation["state"]!)
            {
                case "succeeded":
                    return operation;
                case "queued" or "running" when watch.Elapsed < Deadline:
                    await Task.Delay(
                        Longer(
                            PollInterval,
                            TimeSpan.FromSeconds(1) * Volatile.Read(ref waiting) / MostPolls
                        ),
                        cancellationToken
                    );
                    break;
                default:
                    throw new InvalidOperationException(
                        $"The operation did not succeed: {operation}"
                    );
            }
        }
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static string? Text(object? value) =>
        Convert.ToString(value, CultureInfo.InvariantCulture);
}
