using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Fuzz;

/// <summary>
/// Requests drawn from the OpenAPI document, right and wrong ones, against the whole service. DBAAS_FUZZ_REQUESTS says how many (make
/// faults: 100000), DBAAS_FUZZ_MINUTES how long at most, DBAAS_FUZZ_SEED repeats a run.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Workers = 8;
    private const int Parts = 5;
    private const int LongRun = 50_000;
    private const double AllowedGrowth = 0.05;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_requests_drawn_from_the_document_when_sent_then_every_answer_keeps_it_and_no_secret_gets_out()
    {
        var seed = RunSetting.Number("DBAAS_FUZZ_SEED") ?? Random.Shared.Next();
        var count = RunSetting.Number("DBAAS_FUZZ_REQUESTS") ?? 3_000;
        var limit = TimeSpan.FromMinutes(RunSetting.Number("DBAAS_FUZZ_MINUTES") ?? 2);
        var folder = Directory.CreateTempSubdirectory("dbaas-fuzz-").FullName;
        var log = Path.Combine(folder, "control.log");
        await using var postgres = new PostgresFixture();
        await using (
            var control = await RunningControl.StartAsync(
                await postgres.ServerAsync(),
                Settings(log)
            )
        )
        {
            using var anonymous = control.Client(null);
            var contract = ApiContract.Read(
                await anonymous.GetStringAsync("/openapi/v1.json", Token)
            );
            var world = await FuzzWorldMaker.MakeAsync(control);
            var (sent, faults, resident) = await RunAsync(
                anonymous,
                contract,
                world,
                seed,
                count,
                limit
            );
            await control.App.StopAsync(Token);
            var lines = await ReadAsync(log);
            var memory = string.Join(", ", resident.Select(bytes => $"{bytes >> 20}"));
            output.WriteLine(
                $"seed {seed}: {sent} requests, {memory} MiB of memory after each fifth, {lines.Length} characters of log"
            );

            Assert.True(
                faults.IsEmpty,
                $"seed {seed}, {faults.Count} bad answers:\n{string.Join('\n', faults.OrderBy(fault => fault, StringComparer.Ordinal).Take(20))}"
            );
            Assert.Contains("answered", lines, StringComparison.Ordinal);
            Assert.DoesNotContain(FuzzWorld.CanaryPrefix, lines, StringComparison.Ordinal);
            Assert.All(
                world.Secrets.Keys,
                secret => Assert.DoesNotContain(secret, lines, StringComparison.Ordinal)
            );
            // Of a short run the start is the most part, and of a long one the first half fills caches, which are bounded.
            var growth = (resident[^1] - resident[^3]) / (double)resident[^3];
            Assert.True(
                sent < LongRun || growth < AllowedGrowth,
                $"seed {seed}: memory grew by {growth:P1} in the last two fifths: {memory} MiB"
            );
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<(
        int Sent,
        ConcurrentBag<string> Faults,
        IReadOnlyList<long> Resident
    )> RunAsync(
        HttpClient client,
        ApiContract contract,
        FuzzWorld world,
        int seed,
        int count,
        TimeSpan limit
    )
    {
        var generator = new RequestGenerator(contract, world, seed);
        var judge = new AnswerJudge(contract, world);
        var faults = new ConcurrentBag<string>();
        var clock = Stopwatch.StartNew();
        var next = -1;
        async Task WorkAsync(int until)
        {
            while (clock.Elapsed < limit && faults.Count < 100)
            {
                var index = Interlocked.Increment(ref next);
                if (index >= until)
                {
                    Interlocked.Decrement(ref next);
                    return;
                }

                foreach (var fault in await AskAsync(client, generator, judge, world, index))
                {
                    faults.Add($"request {index}: {fault}");
                }
            }
        }

        var resident = new List<long>();
        for (var part = 1; part <= Parts; part++)
        {
            var until = (int)((long)count * part / Parts);
            await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(until)));
            resident.Add(Resident());
        }

        return (next + 1, faults, resident);
    }

    private static async Task<IReadOnlyList<string>> AskAsync(
        HttpClient client,
        RequestGenerator generator,
        AnswerJudge judge,
        FuzzWorld world,
        int index
    )
    {
        var (operation, request, text) = generator.Draw(index);
        using var _ = request;
        using var answer = await client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            Token
        );
        var media = answer.Content.Headers.ContentType?.MediaType ?? "";
        // A stream of events ends with its operation; that it began is all that is judged.
        var body =
            media == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync(Token);
        if (answer.IsSuccessStatusCode)
        {
            Learn(operation, body, world);
        }

        return
        [
            .. judge
                .Judge(
                    operation,
                    (int)answer.StatusCode,
                    media,
                    answer.Headers.TryGetValues("Dbaas-Request-Id", out var ids)
                        ? ids.Single()
                        : null,
                    answer.Headers.Contains("Idempotency-Replayed"),
                    body
                )
                .Select(fault =>
                    $"{fault} in {(int)answer.StatusCode} {Short(body)} to {Short(text)}"
                ),
        ];
    }

    /// <summary>Passwords and keys that answers hold must not be in the log either.</summary>
    private static void Learn(ApiOperation operation, string body, FuzzWorld world)
    {
        if (body.Length == 0 || world.Secrets.Count > 200)
        {
            return;
        }

        if (operation.Path.EndsWith("/credentials", StringComparison.Ordinal))
        {
            world.Secrets.TryAdd((string)JsonNode.Parse(body)!["password"]!, 0);
        }
        else if (
            operation.Path.TrimEnd('/').EndsWith("/api-keys", StringComparison.Ordinal)
            && operation.Method == HttpMethod.Post
        )
        {
            world.Secrets.TryAdd((string)JsonNode.Parse(body)!["secret"]!, 0);
        }
    }

    private static JsonObject Settings(string log) =>
        new()
        {
            ["logFile"] = log,
            ["rateLimit"] = new JsonObject
            {
                ["burst"] = 100_000,
                ["perSecond"] = 100_000,
                ["strangerBurst"] = 100_000,
                ["strangerPerSecond"] = 100_000,
            },
        };

    private static async Task<string> ReadAsync(string log)
    {
        await using var stream = new FileStream(
            log,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite
        );
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Token);
    }

    /// <summary>Bytes in memory once everything that is not held has been given back.</summary>
    private static long Resident()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }

    private static string Short(string text) => text.Length > 600 ? text[..600] + "…" : text;
}
