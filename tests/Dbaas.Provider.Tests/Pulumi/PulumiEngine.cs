using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>A provider process as Pulumi's engine would have started it, driven through Pulumi's own stubs.</summary>
internal sealed partial class PulumiEngine : IAsyncDisposable
{
    public const string Type = "dbaas:index:DatabaseInstance";
    public const string Urn = $"urn:pulumi:dev::shop::{Type}::orders";
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 100_000 };
    private static readonly JsonSerializerOptions DeepWriting = new() { MaxDepth = 100_000 };
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> waiting = new();
    private readonly Process bridge;
    private readonly string home;
    private readonly Task reading;
    private readonly SemaphoreSlim writing = new(1);
    private readonly TaskCompletionSource<JsonObject> started = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private int calls;

    private PulumiEngine(Process bridge, string home)
    {
        this.bridge = bridge;
        this.home = home;
        waiting[0] = started;
        reading = ReadAsync();
    }

    /// <summary>Longest time for one answer of the provider.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(2);

    /// <param name="program">The provider.</param>
    /// <param name="variables">Variables of its environment beside the usual ones; how it finds its service.</param>
    /// <param name="arguments">What the engine passes; ENGINE stands for its address.</param>
    public static async Task<PulumiEngine> LaunchAsync(
        string program,
        IReadOnlyDictionary<string, string> variables,
        string[]? arguments = null
    )
    {
        var modules = await PulumiClient.ModulesAsync();
        var home = Directory.CreateTempSubdirectory("dbaas-pulumi-").FullName;
        var start = new ProcessStartInfo(
            "node",
            [
                Path.Combine(PulumiClient.Folder, "bridge.js"),
                program,
                .. arguments ?? ["--logtostderr", "-v=9", "ENGINE"],
            ]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = home,
        };
        foreach (
            var name in start
                .Environment.Keys.Where(name =>
                    name.StartsWith("DBAAS_", StringComparison.Ordinal)
                    || name.StartsWith("TF_", StringComparison.Ordinal)
                )
                .ToList()
        )
        {
            start.Environment.Remove(name);
        }

        start.Environment["NODE_PATH"] = modules;
        start.Environment["DBAAS_ROOT"] = home;
        start.Environment["HOME"] = home;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var engine = new PulumiEngine(Process.Start(start)!, home);
        var first = await engine.started.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(first["broken"] is null, first.ToJsonString());
        return engine;
    }

    /// <summary>Calls a method and insists on an answer.</summary>
    public async Task<JsonObject> AnswerAsync(string method, JsonObject? request = null)
    {
        var answer = await CallAsync(method, request);
        Assert.True(answer["error"] is null, $"{method}: {answer["error"]?.ToJsonString()}");
        return answer["response"]!.AsObject();
    }

    /// <summary>Calls a method and insists on a refusal: code, message, type, detail.</summary>
    public async Task<JsonObject> RefusalAsync(string method, JsonObject? request = null)
    {
        var answer = await CallAsync(method, request);
        return answer["error"] as JsonObject
            ?? throw new InvalidOperationException($"{method} answered {answer.ToJsonString()}");
    }

    /// <summary>Calls a method of a resource; type and URN are filled in.</summary>
    public Task<JsonObject> ResourceAsync(string method, JsonObject request) =>
        AnswerAsync(method, Addressed(request));

    public Task<JsonObject> ResourceRefusalAsync(string method, JsonObject request) =>
        RefusalAsync(method, Addressed(request));

    public Task<JsonObject> CallAsync(string method, JsonObject? request = null) =>
        DoAsync(
            new JsonObject
            {
                ["do"] = "call",
                ["method"] = method,
                ["request"] = request,
            }
        );

    /// <summary>The same call so many times at once; <c>{i}</c> becomes its number.</summary>
    public async Task<JsonArray> ManyAsync(string method, JsonObject request, int count) =>
        (
            await DoAsync(
                new JsonObject
                {
                    ["do"] = "many",
                    ["method"] = method,
                    ["request"] = Addressed(request),
                    ["count"] = count,
                }
            )
        )["response"]!.AsArray();

    /// <summary>What the provider told the engine: severity, message, urn, ephemeral.</summary>
    public async Task<IReadOnlyList<JsonObject>> LogsAsync() =>
        [
            .. (await DoAsync(new JsonObject { ["do"] = "logs" }))["response"]!
                .AsArray()
                .Select(line => line!.AsObject()),
        ];

    /// <summary>pid, output, errors, port, startMilliseconds.</summary>
    public async Task<JsonObject> FactsAsync() =>
        (await DoAsync(new JsonObject { ["do"] = "facts" }))["response"]!.AsObject();

    /// <summary>Sends a signal (null for none) and waits for the end: code, signal, output, errors, milliseconds.</summary>
    public async Task<JsonObject> EndAsync(string? signal) =>
        (await DoAsync(new JsonObject { ["do"] = "signal", ["signal"] = signal }))[
            "response"
        ]!.AsObject();

    /// <summary>The engine dies without a word.</summary>
    public void KillBridge() => bridge.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!bridge.HasExited)
        {
            bridge.StandardInput.Close();
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await bridge.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            bridge.Kill(entireProcessTree: true);
        }

        await reading;
        bridge.Dispose();
        writing.Dispose();
        Directory.Delete(home, recursive: true);
    }

    private static JsonObject Addressed(JsonObject request)
    {
        request["urn"] ??= Urn;
        request["type"] ??= Type;
        request["name"] ??= "orders";
        return request;
    }

    private async Task<JsonObject> DoAsync(JsonObject act)
    {
        var id = Interlocked.Increment(ref calls);
        var answer = new TaskCompletionSource<JsonObject>(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        waiting[id] = answer;
        act["id"] = id;
        var line = act.ToJsonString(DeepWriting);
        await writing.WaitAsync();
        try
        {
            await bridge.StandardInput.WriteLineAsync(line);
            await bridge.StandardInput.FlushAsync();
        }
        finally
        {
            writing.Release();
        }

        var result = await answer.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(result["broken"] is null, result["broken"]?.ToString());
        return result;
    }

    private async Task ReadAsync()
    {
        while (await bridge.StandardOutput.ReadLineAsync() is { } line)
        {
            var answer = JsonNode.Parse(line, documentOptions: Deep)!.AsObject();
            var id = (int)answer["id"]!;
            if (waiting.TryRemove(id, out var asked))
            {
                asked.TrySetResult(answer);
            }
        }

        foreach (var (id, asked) in waiting)
        {
            asked.TrySetException(
                new IOException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the bridge ended before answer {id}"
                    )
                )
            );
        }
    }
}
