using System.CommandLine;
using Dbaas.Cli.Output;
using Dbaas.Cli.Problems;

namespace Dbaas.Cli.Apply;

/// <summary>`dbaas plan -f FILE`: what apply would do; touches nothing.</summary>
internal static class PlanCommand
{
    public static Command Create(CommandRunner runner)
    {
        var file = ApplyCommand.FileOption();
        return runner.Runs(
            new Command("plan", "Show what applying a file would change, cost and interrupt.")
            {
                file,
            },
            async run =>
            {
                List<PlannedResource> plans = [];
                foreach (var resource in DeclaredFile.Read(run.Get(file)!))
                {
                    var planned = await Planner.PlanAsync(run, resource, settle: false);
                    plans.Add(planned);
                    if (!run.Json)
                    {
                        PlanView.Write(run.Terminal, planned);
                    }
                }

                if (run.Json)
                {
                    JsonOutput.Write(
                        run.Terminal,
                        (IReadOnlyList<NamedPlan>)
                            [
                                .. plans.Select(plan => new NamedPlan(
                                    plan.Declared.Name,
                                    plan.Action,
                                    plan.Plan
                                )),
                            ]
                    );
                }

                return plans.All(planned => planned.Plan.Valid)
                    ? ExitCode.Ok
                    : ExitCode.RefusedInput;
            }
        );
    }
}
