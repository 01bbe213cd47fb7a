using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Benchmarks.Creates;
using Dbaas.Benchmarks.Figures;
using Dbaas.EndToEnd.Tests.Faults.Writers;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Changes;

/// <summary>
/// How long a client that writes every 20 ms through the endpoint gets no acknowledgement while its instance is changed, beside what the
/// plan said and what the operation measured.
/// </summary>
internal sealed class WriteGapBenchmark(Platform platform, RestClient rest, MeasuredEngine engine)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    // Storage only grows, so each round has its own sizes; the rest goes back and forth.
    private IEnumerable<(string What, Action<JsonObject> Change)> Changes(int round)
    {
        var more = engine.MemoryGib + 0.5;
        var parameter =
            engine == MeasuredEngine.MySql ? "ft_min_word_len" : "max_locks_per_transaction";
        var value = (engine == MeasuredEngine.MySql ? 3 : 96) + round;
        return
        [
            ("more cpu", inputs => inputs["cpu"] = 2),
            ("less cpu", inputs => inputs["cpu"] = 1),
            ("more memory", inputs => inputs["memoryGib"] = more),
            ("less memory", inputs => inputs["memoryGib"] = engine.MemoryGib),
            ("more storage", inputs => inputs["storageGib"] = round + 2),
            (
                "a parameter that needs a restart",
                inputs =>
                    inputs["parameters"] = new JsonObject
                    {
                        [parameter] = value.ToString(CultureInfo.InvariantCulture),
                    }
            ),
        ];
    }

    public async Task<IReadOnlyList<Comparison>> RunAsync(
        int rounds,
        CancellationToken cancellationToken
    )
    {
        var inputs = engine.Inputs($"bench-gap-{engine.Name}");
        inputs["cpu"] = 1;
        var created = await rest.DoAsync(HttpMethod.Post, "/v1/instances", inputs.DeepClone());
        var id = (string)created["resourceId"]!;
        var credentials = await Credentials.FetchAsync(platform, (string)inputs["name"]!);
        using var connections = new WriterConnections(EngineUnderTest.Of(engine.Name), credentials);
        await using var writer = new SteadyWriter(connections, "gaps");
        await writer.StartAsync(cancellationToken);
        Dictionary<string, (Series Gap, Series Said)> figures = [];
        List<string> order = [];
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (what, change) in Changes(round))
            {
                change(inputs);
                var (gap, said) = await ChangeAsync(id, inputs, writer, what);
                if (!figures.TryGetValue(what, out var series))
                {
                    figures[what] = series = (new(), new());
                    order.Add(what);
                }

                series.Gap.Add(gap);
                series.Said.Add(said);
            }
        }

        var wrong = await writer.EndAsync();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        await rest.DoAsync(HttpMethod.Delete, $"/v1/instances/{id}");
        return
        [
            .. order.Select(what => new Comparison(
                $"Write gap of {engine.Title}: {what}",
                "s",
                "0.00",
                figures[what].Gap,
                figures[what].Said.Median > 0 ? "what the plan said" : "",
                // No ratio to a gap of nothing.
                figures[what].Said.Median > 0
                    ? figures[what].Said
                    : null,
                null
            )),
        ];
    }

    private async Task<(double Gap, double Said)> ChangeAsync(
        string id,
        JsonObject inputs,
        SteadyWriter writer,
        string what
    )
    {
        var (_, text) = await rest.SendAsync(
            HttpMethod.Post,
            "/v1/plan",
            new JsonObject
            {
                ["resource"] = "DatabaseInstance",
                ["action"] = "update",
                ["id"] = id,
                ["inputs"] = inputs.DeepClone(),
            }
        );
        var said = JsonNode.Parse(text)!["expectedWriteOutage"]!["seconds"]!.GetValue<double>();
        var began = Stopwatch.GetTimestamp();
        var operation = await rest.DoAsync(
            HttpMethod.Put,
            $"/v1/instances/{id}",
            inputs.DeepClone()
        );
        Assert.True(
            await writer.WritesAgainAsync(Stopwatch.GetTimestamp(), Deadline),
            $"No write after {what}: {writer.LastFailure}"
        );
        var gap = writer.LongestGap(began).TotalSeconds;
        var steps = operation["steps"]!
            .AsArray()
            .Select(step =>
                (
                    Name: (string)step!["name"]!,
                    Took: step["durationMilliseconds"]?.GetValue<double>() ?? 0
                )
            )
            .Where(step => step.Took > 500)
            .Select(step =>
                string.Create(CultureInfo.InvariantCulture, $"{step.Name} {step.Took / 1000:0.0} s")
            );
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{engine.Title}, {what}: gap {gap:0.00} s, planned {said:0.00} s, measured by the engine {operation["writeOutageSeconds"]!.GetValue<double>():0.00} s; {string.Join(", ", steps)}"
            )
        );
        return (gap, said);
    }
}
