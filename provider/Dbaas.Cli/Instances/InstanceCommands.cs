using System.CommandLine;
using Dbaas.Cli.Operations;
using Dbaas.Cli.Output;
using Dbaas.Cli.Problems;
using Dbaas.Client.Instances;
using Spectre.Console;

namespace Dbaas.Cli.Instances;

/// <summary>`dbaas instance …`.</summary>
internal static class InstanceCommands
{
    private const string RespondAsync = "respond-async";

    private static readonly Argument<string> Name = new("NAME")
    {
        Description = "Name or id (ins_…) of the instance.",
    };

    private static readonly Option<bool> Wait = new("--wait")
    {
        Description = "Wait until it is done, showing progress.",
    };

    public static Command Create(CommandRunner runner)
    {
        var list = new Command("list", "List instances.");
        var get = new Command("get", "Show one instance.") { Name };
        var delete = new Command("delete", "Delete an instance and destroy its keys.")
        {
            Name,
            Wait,
        };
        return new Command("instance", "Create, change and remove databases.")
        {
            CreateInstance(runner),
            runner.Runs(list, ListAsync),
            runner.Runs(get, GetAsync),
            Update(runner),
            runner.Runs(delete, DeleteAsync),
            Act(runner, "start", "Start a stopped instance."),
            Act(runner, "stop", "Stop an instance; its data stays."),
            Act(runner, "restart", "Restart the engine."),
        };
    }

    private static Command CreateInstance(CommandRunner runner)
    {
        var inputs = new InstanceOptions(forUpdate: false);
        var name = new Argument<string>("NAME") { Description = "Name within the tenant." };
        var command = new Command("create", "Create an instance.") { name, Wait };
        inputs.AddTo(command);
        return runner.Runs(
            command,
            async run =>
            {
                var declared = inputs.Read(run.Parsed);
                declared["name"] = run.Get(name);
                var response = await run.Api.CreateInstanceAsync(
                    InstanceOptions.ToInputs(declared),
                    RespondAsync,
                    $"cli-{run.Connection.RunId}",
                    run.CancellationToken
                );
                var result = await FinishAsync(run, response);
                if (result is { ExitCode: ExitCode.Ok, InstanceId: { } id })
                {
                    // The user has been told, also where nobody waits for the end: unacknowledged, the same command would take the
                    // instance over weeks later and give it its inputs.
                    (
                        await run.Api.AcknowledgeInstanceAsync(id, run.CancellationToken)
                    ).ThrowIfRefused();
                    if (run.Get(Wait))
                    {
                        await ShowAsync(run, id);
                    }
                }

                return result.ExitCode;
            }
        );
    }

    private static Command Update(CommandRunner runner)
    {
        var inputs = new InstanceOptions(forUpdate: true);
        var command = new Command("update", "Change an instance; only what is named changes.")
        {
            Name,
            Wait,
        };
        inputs.AddTo(command);
        return runner.Runs(
            command,
            async run =>
            {
                var patch = inputs.Read(run.Parsed);
                if (patch.Count == 0)
                {
                    throw new CliException(
                        ExitCode.Usage,
                        "Nothing to change was named.",
                        "`dbaas instance update --help` lists what can change."
                    );
                }

                var response = await run.Api.PatchInstanceAsync(
                    run.Get(Name),
                    patch,
                    RespondAsync,
                    null,
                    run.CancellationToken
                );
                var result = await FinishAsync(run, response);
                if (run.Get(Wait) && result is { ExitCode: ExitCode.Ok, InstanceId: { } id })
                {
                    await ShowAsync(run, id);
                }

                return result.ExitCode;
            }
        );
    }

    private static Command Act(CommandRunner runner, string action, string description) =>
        runner.Runs(
            new Command(action, description) { Name, Wait },
            async run =>
                (
                    await FinishAsync(
                        run,
                        await run.Api.ActAsync(
                            run.Get(Name),
                            action,
                            RespondAsync,
                            run.CancellationToken
                        )
                    )
                ).ExitCode
        );

    private static async Task ListAsync(Invocation run)
    {
        var instances = await Pages.AllAsync(cursor =>
            run.Api.ListInstancesAsync(null, cursor, null, run.CancellationToken)
        );
        ListView.Write(
            run,
            instances,
            new("name", instance => instance.Name),
            new("status", instance => instance.Status),
            new("engine", instance => $"{instance.Engine} {instance.ActualVersion}".Trim()),
            new("region", instance => instance.Region),
            new("cpu", instance => Look.Number(instance.Cpu), RightAligned: true),
            new("memory", instance => Look.Number(instance.MemoryGib) + " GiB", RightAligned: true),
            new("storage", instance => instance.ActualStorageGib + " GiB", RightAligned: true),
            new("endpoint", instance => Endpoint(instance)),
            new("id", instance => instance.Id)
        );
    }

    private static async Task GetAsync(Invocation run)
    {
        var instance = (
            await run.Api.GetInstanceAsync(run.Get(Name), run.CancellationToken)
        ).ContentOrThrow();
        Show(run, instance);
        if (!run.Json)
        {
            var (operations, events) = await InstanceHistory.ReadAsync(run, instance.Id);
            InstanceDetails.WriteHistory(run, operations, events);
        }
    }

    private static async Task ShowAsync(Invocation run, string idOrName) =>
        Show(
            run,
            (await run.Api.GetInstanceAsync(idOrName, run.CancellationToken)).ContentOrThrow()
        );

    private static void Show(Invocation run, InstanceView instance)
    {
        if (run.Json)
        {
            JsonOutput.Write(run.Terminal, instance);
        }
        else
        {
            InstanceDetails.Write(run, instance);
        }
    }

    private static async Task<int> DeleteAsync(Invocation run)
    {
        var name = run.Get(Name);
        var response = await run.Api.DeleteInstanceAsync(name, RespondAsync, run.CancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            var failure = ApiProblems.Of(response);
            throw failure.Problem?.Code.Contains("protect", StringComparison.Ordinal) is true
                ? new CliException(
                    failure.Problem,
                    $"Deletion protection is on. If {name} and all its data shall really go: "
                        + $"`dbaas instance update {name} --deletion-protection false --wait`, then delete again."
                )
                : failure;
        }

        return (await FinishAsync(run, response)).ExitCode;
    }

    private static async Task<OperationResult> FinishAsync(
        Invocation run,
        Refit.IApiResponse<string> response
    )
    {
        var accepted = OperationAnswer.Read(response);
        if (accepted.Operation is not { } operation)
        {
            run.Terminal.Messages.MarkupLine(
                accepted.Instance is null ? "[green]done[/]" : "[dim]unchanged[/]"
            );
            return new OperationResult(ExitCode.Ok, accepted.Instance?.Id);
        }

        if (run.Get(Wait))
        {
            return await OperationWait.UntilEndedAsync(run, operation);
        }

        if (run.Json)
        {
            JsonOutput.Write(run.Terminal, operation);
        }
        else
        {
            run.Terminal.Output.WriteLine(operation.Id);
        }

        run.Terminal.Messages.MarkupLineInterpolated(
            $"[dim]accepted; wait for it with[/] dbaas operation wait {operation.Id}"
        );
        return new OperationResult(ExitCode.Ok, operation.ResourceId);
    }

    private static string Endpoint(InstanceView instance) =>
        instance.Endpoint is { } endpoint ? $"{endpoint.Host}:{endpoint.Port}" : "";
}
