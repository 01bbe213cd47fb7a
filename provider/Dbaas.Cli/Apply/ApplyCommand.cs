using System.CommandLine;
using Dbaas.Cli.Instances;
using Dbaas.Cli.Operations;
using Dbaas.Cli.Output;
using Dbaas.Cli.Problems;
using Dbaas.Client.Instances;

namespace Dbaas.Cli.Apply;

/// <summary>`dbaas apply -f FILE`: plan everything, then create or update by name, waiting for each.</summary>
internal static class ApplyCommand
{
    private const string RespondAsync = "respond-async";

    public static Option<string> FileOption() =>
        new("--file", "-f")
        {
            Required = true,
            HelpName = "FILE",
            Description = "YAML or JSON, one or several documents; - reads standard input.",
        };

    public static Command Create(CommandRunner runner)
    {
        var file = FileOption();
        return runner.Runs(
            new Command("apply", "Create or change what a file declares, and wait for it.")
            {
                file,
            },
            run => ApplyAllAsync(run, DeclaredFile.Read(run.Get(file)!))
        );
    }

    private static async Task<int> ApplyAllAsync(
        Invocation run,
        IReadOnlyList<DeclaredResource> declared
    )
    {
        List<PlannedResource> planned = [];
        foreach (var resource in declared)
        {
            var plan = await Planner.PlanAsync(run, resource, settle: true);
            PlanView.Write(run.Terminal, plan);
            planned.Add(plan);
        }

        // All or nothing before the first change: half a file applied is harder to understand than none.
        if (planned.Any(resource => !resource.Plan.Valid))
        {
            return ExitCode.RefusedInput;
        }

        List<InstanceView> applied = [];
        foreach (var resource in planned)
        {
            var result = await ApplyOneAsync(run, resource);
            if (result is not { ExitCode: ExitCode.Ok, InstanceId: { } id })
            {
                return result.ExitCode;
            }

            var response = await run.Api.GetInstanceAsync(id, run.CancellationToken);
            applied.Add(response.ContentOrThrow());
        }

        Report(run, applied, unchanged: planned.All(resource => resource.ChangesNothing));
        return ExitCode.Ok;
    }

    private static async Task<OperationResult> ApplyOneAsync(
        Invocation run,
        PlannedResource resource
    )
    {
        var id = resource.Existing?.Id;
        if (!resource.ChangesNothing)
        {
            var answer = OperationAnswer.Read(await SendAsync(run, resource));
            id = answer.Instance?.Id ?? id;
            if (answer.Operation is { } operation)
            {
                var result = await OperationWait.UntilEndedAsync(run, operation);
                if (result.ExitCode != ExitCode.Ok)
                {
                    return result;
                }

                id = result.InstanceId;
            }
        }

        // Also after an earlier run's interrupted create: now that its result has arrived, it is nobody's to adopt.
        if (resource.Existing is not { Acknowledged: true })
        {
            var acknowledged = await run.Api.AcknowledgeInstanceAsync(id!, run.CancellationToken);
            acknowledged.ThrowIfRefused();
        }

        return new OperationResult(ExitCode.Ok, id);
    }

    private static Task<Refit.IApiResponse<string>> SendAsync(
        Invocation run,
        PlannedResource resource
    ) =>
        resource.Existing is { } existing
            ? run.Api.PatchInstanceAsync(
                existing.Id,
                resource.Patch(),
                RespondAsync,
                null,
                run.CancellationToken
            )
            : run.Api.CreateInstanceAsync(
                InstanceOptions.ToInputs(resource.Declared.Inputs),
                RespondAsync,
                $"cli-{run.Connection.RunId}-{resource.Declared.Name}",
                run.CancellationToken
            );

    private static void Report(Invocation run, IReadOnlyList<InstanceView> applied, bool unchanged)
    {
        if (run.Json)
        {
            JsonOutput.Write(run.Terminal, applied);
            return;
        }

        if (unchanged)
        {
            run.Terminal.Output.WriteLine("unchanged");
        }

        foreach (var instance in applied)
        {
            run.Terminal.Output.WriteLine(
                $"{instance.Name} {instance.Status} {instance.Endpoint.Host}:{instance.Endpoint.Port}"
            );
        }
    }
}
