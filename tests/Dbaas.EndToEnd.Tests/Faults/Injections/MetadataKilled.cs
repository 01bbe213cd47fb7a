using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>The control service's own database is killed right after it accepted work, while clients read and write.</summary>
internal sealed class MetadataKilled : Fault
{
    private static readonly TimeSpan s_return = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_answers = TimeSpan.FromMinutes(4);
    private readonly ConcurrentDictionary<HttpStatusCode, int> answers = new();
    private string operation = "";
    private TimeSpan back;

    public override string Name => "metadata database killed";
    public override int Row => 8;
    public override string PassLine => "503 and never 500; what was accepted is done";
    public override bool BeginsChange => true;
    public override TimeSpan? GapLimit => TimeSpan.FromSeconds(0.5);

    public override async Task InjectAsync(Scene scene)
    {
        (operation, _) = await scene.BeginChangeAsync();
        var watch = Stopwatch.StartNew();
        foreach (var process in Processes(scene.Platform))
        {
            ProcessTable.Kill(process);
        }

        var inARow = 0;
        while (inARow < 3)
        {
            if (!await AskAsync(scene))
            {
                inARow = 0;
            }
            else if (++inARow == 1)
            {
                back = watch.Elapsed;
            }

            // Once it is back, an answer may still wait for the accepted change, which a second fault beside this one may hold up.
            if (watch.Elapsed > (inARow == 0 ? s_return : s_answers))
            {
                throw new TimeoutException($"the API is not back: {Answers}");
            }
        }
    }

    public override async Task<IReadOnlyList<Measure>> ProveAsync(Scene scene)
    {
        Assert.True(
            answers.Keys.All(status =>
                (int)status < 500 || status == HttpStatusCode.ServiceUnavailable
            ),
            $"the API answered {Answers}"
        );
        await scene.Instances.SucceedsAsync(operation);
        return [Measure.Of("API answers again", back, 60)];
    }

    private string Answers =>
        string.Join(", ", answers.Select(pair => $"{(int)pair.Key} {pair.Value} times"));

    /// <summary>One read and one write; true when both were served.</summary>
    private async Task<bool> AskAsync(Scene scene)
    {
        try
        {
            var read = await scene.Rest.SendAsync(HttpMethod.Get, "/v1/instances");
            var write = await scene.Rest.SendAsync(
                HttpMethod.Patch,
                $"/v1/instances/{scene.Victim.Name}",
                new JsonObject
                {
                    ["tags"] = new JsonObject { ["at"] = $"{Stopwatch.GetTimestamp()}" },
                }
            );
            answers.AddOrUpdate(read.Status, 1, (_, count) => count + 1);
            answers.AddOrUpdate(write.Status, 1, (_, count) => count + 1);
            // Busy with the accepted change is an answer as well.
            return read.Status == HttpStatusCode.OK && (int)write.Status is < 500;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static List<int> Processes(Platform platform) =>
        [
            .. ProcessTable.Where(pid =>
                Path.GetFileName(ProcessTable.Program(pid)) == "postgres"
                && ProcessTable
                    .Cgroups(pid)
                    .Contains($"dbaas-{platform.InstallationId}/metadata", StringComparison.Ordinal)
            ),
        ];
}
