using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Machines.Simulated;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>One instance from create to delete, with operations and faults drawn from one source of chance.</summary>
internal sealed class RandomLife(SteppedControl stepped, Random random)
{
    private const int Turns = 6;
    private const int MostSteps = 13;

    private static readonly StepFault[] s_passing =
    [
        StepFault.None,
        StepFault.Twice,
        StepFault.OnceBefore,
        StepFault.OnceAfter,
        StepFault.DieBeforeSave,
        StepFault.DieAfterSave,
        StepFault.MachineDies,
    ];

    private static readonly string[] s_verbs =
    [
        "EnsureImage",
        "CreateVolume",
        "OpenVolume",
        "CloseVolume",
        "GrowVolume",
        "DestroyVolume",
        "CreateMachine",
        "StartMachine",
        "StopMachine",
        "ResizeMachine",
        "DestroyMachine",
        "ObserveMachine",
        "EnsureStoreUser",
        "SetEndpoint",
        "RemoveEndpoint",
        "Agent/v1/engine/start",
        "Agent/v1/engine/apply",
        "Agent/v1/engine/restart",
        "Agent/v1/health",
    ];

    private readonly List<string> _story = [];
    private JsonObject _inputs = InstanceApi.Inputs(InstanceApi.Name());

    private SimulatedMachineDriver Driver => InstanceRemains.Driver(stepped.Services);

    /// <summary>How many operations were run to their end.</summary>
    public int Operations { get; private set; }

    /// <summary>What happened so far, for the report of a failure.</summary>
    public string Story => string.Join("\n -> ", _story);

    public async Task LiveAsync()
    {
        Driver.GrowsMountedVolumes = random.Next(2) == 0;
        _story.Add($"hosts grow mounted volumes: {Driver.GrowsMountedVolumes}");
        try
        {
            var id = await BeginAsync();
            for (var turn = 0; turn < Turns; turn++)
            {
                await TurnAsync(id);
            }

            while (
                (await stepped.Api.GetAsync($"/instances/{id}")).Status != HttpStatusCode.NotFound
            )
            {
                await ActAsync(HttpMethod.Delete, $"/instances/{id}", null);
            }

            await InstanceBooks.BalanceAsync(stepped, id, "the end");
        }
        finally
        {
            Driver.Faults.Clear();
            Driver.GrowsMountedVolumes = true;
        }
    }

    private async Task<string> BeginAsync()
    {
        while (true)
        {
            var created = (await ActAsync(HttpMethod.Post, "/instances", _inputs))!;
            if (created.State == OperationStates.Succeeded)
            {
                return created.ResourceId;
            }

            await InstanceBooks.BalanceAsync(stepped, created.ResourceId, "a create taken back");
        }
    }

    private async Task TurnAsync(string id)
    {
        var path = $"/instances/{id}";
        switch (DrawAct(await stepped.StatusAsync(id)))
        {
            case "change":
                var wish = DrawChange();
                if (
                    await ActAsync(HttpMethod.Put, path, wish)
                    is null
                        or { State: OperationStates.Succeeded }
                )
                {
                    _inputs = wish;
                }

                break;
            case "power cut":
                _story.Add("power cut");
                Driver.CutPower();
                break;
            case var act:
                await ActAsync(HttpMethod.Post, $"{path}/{act}", null);
                break;
        }

        if (
            await stepped.StatusAsync(id) == "available"
            && await stepped.ReconcileAsync(id) is { } found
        )
        {
            var mended = await stepped.RunAsync(found);
            _story.Add($"{mended.Kind}: {mended.State}");
            Assert.Equal(OperationStates.Succeeded, mended.State);
        }

        await InstanceBooks.BalanceAsync(stepped, id, _story[^1]);
    }

    private string DrawAct(string status) =>
        status switch
        {
            "available" => random.Next(7) switch
            {
                0 => "stop",
                1 => "restart",
                2 => "credentials/rotate",
                3 => "power cut",
                _ => "change",
            },
            "stopped" => random.Next(3) == 0 ? "change" : "start",
            _ => "start",
        };

    private JsonObject DrawChange()
    {
        var wish = _inputs.DeepClone().AsObject();
        wish["cpu"] = random.Next(1, 5) * 0.5;
        wish["memoryGib"] = random.Next(1, 4);
        wish["storageGib"] = wish["storageGib"]!.GetValue<int>() + random.Next(3);
        wish["changePolicy"] = random.Next(3) == 0 ? "window" : "immediate";
        wish["parameters"] = new JsonObject
        {
            ["max_connections"] = random.Next(20, 90).ToString(CultureInfo.InvariantCulture),
        };
        return wish;
    }

    /// <summary>Null when there was nothing to do.</summary>
    private async Task<OperationRow?> ActAsync(HttpMethod method, string path, JsonNode? body)
    {
        var lasting = random.Next(3) == 0;
        var fault = (lasting, random.Next(2)) switch
        {
            (true, 0) => StepFault.ForGoodBefore,
            (true, _) => StepFault.ForGoodAfter,
            _ => s_passing[random.Next(s_passing.Length)],
        };
        var at = random.Next(MostSteps);
        var verb = s_verbs[random.Next(s_verbs.Length)];
        var mode =
            random.Next(2) == 0 ? SimulatedFaultMode.FailBefore : SimulatedFaultMode.FailAfter;
        _story.Add($"{method} {path} {body?.ToJsonString()}: {fault} at step {at}, {verb} {mode}");
        var answer = await stepped.Api.SendAsync(method, path, body, wait: 0);
        if (answer.Status != HttpStatusCode.Accepted)
        {
            Assert.True((int)answer.Status < 300, answer.ToString());
            return null;
        }

        Driver.Faults.Script(verb, mode);
        var ended = await stepped.RunAsync(OperationId.Parse(answer.Text("id"), null), fault, at);
        Driver.Faults.Clear();
        Operations++;
        _story.Add(ended.State);
        Assert.True(
            lasting || ended.State == OperationStates.Succeeded,
            $"{ended.Kind} {ended.State}: {ended.Error?.ToJsonString()}"
        );
        return ended;
    }
}
