using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;
using Dbaas.Provider.Tests.Pulumi;

namespace Dbaas.EndToEnd.Tests.Interrupted;

/// <summary>
/// A stack as Pulumi's engine keeps it, driven through the stubs of Pulumi's own npm package. The engine writes an operation down before
/// it calls the provider and the result after the answer. What it finds of an operation without a result at the next run: a create is
/// forgotten and made again under the same URN, of a change or a removal the resource is still there as it was before; a refresh, which
/// a user may ask for or not, looks what became of it.
/// </summary>
/// <param name="service">How the provider finds its service, in variables.</param>
/// <param name="stack">Of the URN.</param>
/// <param name="refreshes">Whether each run after an interrupted one begins with a refresh.</param>
internal sealed class PulumiTool(
    IReadOnlyDictionary<string, string> service,
    string stack,
    bool refreshes
) : ITool
{
    private const int None = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string urn = $"urn:pulumi:{stack}::shop::{PulumiEngine.Type}::orders";
    private PulumiEngine? engine;
    private int provider;
    private bool interrupted;
    private string? id;
    private JsonObject inputs = [];
    private JsonObject outputs = [];

    public TimeSpan Worked { get; private set; }

    public async Task RunAsync(JsonObject? declared)
    {
        // Each run has a provider of its own, and the service tells runs apart: what one unprotected, it may not delete.
        await CloseAsync();
        var work = await PreparedAsync(declared);
        var began = Stopwatch.GetTimestamp();
        await work();
        Worked = Stopwatch.GetElapsedTime(began);
    }

    public async Task InterruptAsync(JsonObject? declared, KillVictim victim, TimeSpan after)
    {
        var work = await PreparedAsync(declared);
        var before = (id, inputs, outputs);
        var run = work();
        await Task.WhenAny(run, Task.Delay(after, TestContext.Current.CancellationToken));
        if (victim == KillVictim.Provider)
        {
            ProcessTable.Kill(provider);
        }
        else
        {
            engine!.KillBridge();
        }

        await Task.WhenAny(run);
        if (victim == KillVictim.Tool || !run.IsCompletedSuccessfully)
        {
            // A tool that is killed writes nothing down any more, not even an answer that has come.
            (id, inputs, outputs) = before;
        }

        interrupted = true;
        await Eventually.HoldsAsync(
            () => Task.FromResult(!ProcessTable.IsAlive(provider)),
            TimeSpan.FromSeconds(30),
            "the provider of a killed engine ends by itself"
        );
        await CloseAsync();
    }

    public async Task<string> DifferencesAsync(JsonObject? declared)
    {
        await OpenAsync();
        await RefreshAsync();
        if (declared is null || id is null)
        {
            return (declared is null) == (id is null)
                ? ""
                : $"{(id is null ? "create" : "delete")} {urn}";
        }

        var diff = await CallAsync("diff", Change(await CheckAsync(declared)));
        Assert.Empty(diff["replacesList"]!.AsArray());
        return (int)diff["changes"]! == None ? "" : diff.ToJsonString();
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    /// <summary>All that comes before the operation: the refresh, checks, differences and the preview.</summary>
    private async Task<Func<Task>> PreparedAsync(JsonObject? declared)
    {
        await OpenAsync();
        if (interrupted && refreshes)
        {
            await RefreshAsync();
        }

        interrupted = false;
        if (declared is null)
        {
            return id is null ? () => Task.CompletedTask : DeleteAsync;
        }

        var news = await CheckAsync(declared);
        if (id is null)
        {
            var expected = Part(await CallAsync("create", Previewed(Creation(news))), "properties");
            return () => CreateAsync(news, expected);
        }

        var diff = await CallAsync("diff", Change(news));
        Assert.Empty(diff["replacesList"]!.AsArray());
        if ((int)diff["changes"]! == None)
        {
            return () => Task.CompletedTask;
        }

        var foreseen = Part(await CallAsync("update", Previewed(Change(news))), "properties");
        return () => UpdateAsync(news, foreseen);
    }

    private async Task CreateAsync(JsonObject news, JsonObject expected)
    {
        var created = await CallAsync("create", Creation(news));
        PulumiAnswers.Agree(expected, Part(created, "properties"));
        PulumiAnswers.KeepSecrets(news, created);
        (id, inputs, outputs) = ((string)created["id"]!, news, Part(created, "properties"));
    }

    private async Task UpdateAsync(JsonObject news, JsonObject expected)
    {
        var updated = await CallAsync("update", Change(news));
        PulumiAnswers.Agree(expected, Part(updated, "properties"));
        PulumiAnswers.KeepSecrets(news, updated);
        (inputs, outputs) = (news, Part(updated, "properties"));
    }

    private async Task DeleteAsync()
    {
        await CallAsync(
            "delete",
            new()
            {
                ["id"] = id,
                ["properties"] = outputs.DeepClone(),
                ["oldInputs"] = inputs.DeepClone(),
            }
        );
        (id, inputs, outputs) = (null, [], []);
    }

    private async Task RefreshAsync()
    {
        if (id is null)
        {
            return;
        }

        var read = await CallAsync(
            "read",
            new()
            {
                ["id"] = id,
                ["inputs"] = inputs.DeepClone(),
                ["properties"] = outputs.DeepClone(),
            }
        );
        (id, inputs, outputs) = (string?)read["id"] is { Length: > 0 } still
            ? (still, Part(read, "inputs"), Part(read, "properties"))
            : (null, [], []);
    }

    private async Task<JsonObject> CheckAsync(JsonObject declared)
    {
        var check = await CallAsync(
            "check",
            new() { ["olds"] = inputs.DeepClone(), ["news"] = declared.DeepClone() }
        );
        Assert.True(check["failuresList"]!.AsArray().Count == 0, check.ToJsonString());
        var once = Part(check, "inputs");
        PulumiAnswers.KeepSecrets(declared, check);
        var again = await CallAsync(
            "check",
            new() { ["olds"] = once.DeepClone(), ["news"] = once.DeepClone() }
        );
        Assert.True(
            JsonNode.DeepEquals(once, again["inputs"]),
            $"Checked once {once.ToJsonString()}, twice {again["inputs"]!.ToJsonString()}"
        );
        return once;
    }

    private static JsonObject Creation(JsonObject news) =>
        new() { ["properties"] = news.DeepClone() };

    private JsonObject Change(JsonObject news) =>
        new()
        {
            ["id"] = id,
            ["olds"] = outputs.DeepClone(),
            ["oldInputs"] = inputs.DeepClone(),
            ["news"] = news.DeepClone(),
        };

    private static JsonObject Previewed(JsonObject request)
    {
        request["preview"] = true;
        return request;
    }

    private static JsonObject Part(JsonObject answer, string name) =>
        (JsonObject)answer[name]!.DeepClone();

    private Task<JsonObject> CallAsync(string method, JsonObject request)
    {
        request["urn"] = urn;
        return engine!.ResourceAsync(method, request);
    }

    private async Task OpenAsync()
    {
        if (engine is not null)
        {
            return;
        }

        engine = await PulumiEngine.LaunchAsync(
            Path.Combine(Repository.Published, "pulumi", "pulumi-resource-dbaas"),
            service
        );
        engine.Patience = Patience;
        provider = (int)(await engine.FactsAsync())["pid"]!;
        await engine.AnswerAsync("configure", new() { ["args"] = new JsonObject() });
    }

    private async Task CloseAsync()
    {
        if (engine is { } open)
        {
            engine = null;
            await open.DisposeAsync();
        }
    }
}
