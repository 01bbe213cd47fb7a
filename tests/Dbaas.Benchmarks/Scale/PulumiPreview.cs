using System.Diagnostics;
using System.Globalization;
using Dbaas.Benchmarks.Figures;
using Dbaas.Benchmarks.Providers;
using Dbaas.EndToEnd.Tests.Harness;
using Dbaas.EndToEnd.Tests.Harness.Simulated;
using Dbaas.Provider.Pulumi.Wire;
using Google.Protobuf.WellKnownTypes;

namespace Dbaas.Benchmarks.Scale;

/// <summary>What Pulumi's engine asks in a preview (Check and Diff) and in a refresh (Read) of everything a tenant has.</summary>
internal sealed class PulumiPreview(SimulatedPlatform platform, string key)
{
    private const string Type = "dbaas:index:DatabaseInstance";
    private const int AtOnce = 16;

    private readonly IReadOnlyDictionary<string, string> variables = platform.Environment(key);

    public static string Program { get; } =
        Path.Combine(Repository.Published, "pulumi", "pulumi-resource-dbaas");

    public async Task<IReadOnlyList<Comparison>> RunAsync(
        int rounds,
        int callsGoal,
        CancellationToken cancellationToken
    )
    {
        var state = await StateAsync(cancellationToken);
        Series preview = new(),
            previewCalls = new(),
            refresh = new(),
            refreshCalls = new(),
            processor = new(),
            memory = new();
        for (var round = 0; round <= rounds; round++)
        {
            using var plugin = await ConfiguredAsync(cancellationToken);
            var from = platform.Log.End;
            var previewed = await EachAsync(
                state,
                one => PreviewAsync(plugin, one, cancellationToken)
            );
            var previewAsked = await platform.Log.RequestsSinceAsync(from, cancellationToken);
            from = platform.Log.End;
            var refreshed = await EachAsync(
                state,
                one => ReadAsync(plugin, one, cancellationToken)
            );
            var refreshAsked = await platform.Log.RequestsSinceAsync(from, cancellationToken);
            var meter = plugin.Meter;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"pulumi {round}/{rounds}: preview {previewed:0.00} s with {previewAsked.Count} requests, refresh {refreshed:0.00} s with {refreshAsked.Count}; {meter.ProcessorSeconds:0.0} s of processor, {meter.PeakMib:0} MiB"
                )
            );
            if (round > 0)
            {
                preview.Add(previewed);
                previewCalls.Add(previewAsked.Count);
                refresh.Add(refreshed);
                refreshCalls.Add(refreshAsked.Count);
                processor.Add(meter.ProcessorSeconds);
                memory.Add(meter.PeakMib);
            }
        }

        var count = state.Count.ToString("#,0", CultureInfo.InvariantCulture);
        return
        [
            new(
                $"Pulumi preview, {count} unchanged instances (Check, Diff)",
                "s",
                "0.00",
                preview,
                "",
                null,
                null
            ),
            new(
                $"Pulumi preview, {count}: requests to the service",
                "requests",
                "0",
                previewCalls,
                "",
                null,
                new(callsGoal, OfRatio: false)
            ),
            new($"Pulumi refresh, {count} instances (Read)", "s", "0.00", refresh, "", null, null),
            new(
                $"Pulumi refresh, {count}: requests to the service",
                "requests",
                "0",
                refreshCalls,
                "",
                null,
                new(callsGoal, OfRatio: false)
            ),
            new(
                $"Pulumi preview and refresh, {count}: processor time of the provider",
                "s",
                "0.00",
                processor,
                "",
                null,
                null
            ),
            new(
                $"Pulumi preview and refresh, {count}: peak memory of the provider",
                "MiB",
                "0.0",
                memory,
                "",
                null,
                null
            ),
        ];
    }

    private async Task<PulumiProcess> ConfiguredAsync(CancellationToken cancellationToken)
    {
        var plugin = await PulumiProcess.StartAsync(Program, variables, cancellationToken);
        _ = await plugin.CallAsync(
            "Configure",
            new ConfigureRequest { Args = new Struct() },
            ConfigureResponse.Parser,
            cancellationToken
        );
        return plugin;
    }

    /// <summary>What the engine would keep of each: by an import, as after `pulumi import`.</summary>
    private async Task<IReadOnlyList<ReadResponse>> StateAsync(CancellationToken cancellationToken)
    {
        using var rest = platform.Rest(key);
        List<string> ids = [];
        for (string? next = "/v1/instances?limit=500"; next is not null; )
        {
            var page = await rest.GetAsync(next);
            ids.AddRange(page["items"]!.AsArray().Select(item => (string)item!["id"]!));
            next = (string?)page["nextCursor"] is { } cursor
                ? $"/v1/instances?limit=500&cursor={Uri.EscapeDataString(cursor)}"
                : null;
        }

        using var plugin = await ConfiguredAsync(cancellationToken);
        var state = new ReadResponse[ids.Count];
        await Parallel.ForAsync(
            0,
            ids.Count,
            cancellationToken,
            async (index, token) =>
                state[index] = await plugin.CallAsync(
                    "Read",
                    new ReadRequest
                    {
                        Id = ids[index],
                        Urn = Urn(ids[index]),
                        Type = Type,
                    },
                    ReadResponse.Parser,
                    token
                )
        );
        return state;
    }

    private static async Task PreviewAsync(
        PulumiProcess plugin,
        ReadResponse one,
        CancellationToken cancellationToken
    )
    {
        var check = await plugin.CallAsync(
            "Check",
            new CheckRequest
            {
                Urn = Urn(one.Id),
                Type = Type,
                Olds = one.Inputs,
                News = one.Inputs,
            },
            CheckResponse.Parser,
            cancellationToken
        );
        Assert.Empty(check.Failures);
        var diff = await plugin.CallAsync(
            "Diff",
            new DiffRequest
            {
                Id = one.Id,
                Urn = Urn(one.Id),
                Type = Type,
                Olds = one.Properties,
                OldInputs = one.Inputs,
                News = check.Inputs,
            },
            DiffResponse.Parser,
            cancellationToken
        );
        Assert.Equal(DiffResponse.Types.DiffChanges.DiffNone, diff.Changes);
    }

    private static async Task ReadAsync(
        PulumiProcess plugin,
        ReadResponse one,
        CancellationToken cancellationToken
    )
    {
        var read = await plugin.CallAsync(
            "Read",
            new ReadRequest
            {
                Id = one.Id,
                Urn = Urn(one.Id),
                Type = Type,
                Properties = one.Properties,
                Inputs = one.Inputs,
            },
            ReadResponse.Parser,
            cancellationToken
        );
        Assert.Equal(one.Id, read.Id);
    }

    private static async Task<double> EachAsync(
        IReadOnlyList<ReadResponse> state,
        Func<ReadResponse, Task> ask
    )
    {
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            state,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (one, _) => await ask(one)
        );
        return watch.Elapsed.TotalSeconds;
    }

    private static string Urn(string id) => $"urn:pulumi:bench::scale::{Type}::{id}";
}
