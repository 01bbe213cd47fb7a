using System.Reflection;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Instances.Lifecycle.Steps;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Coverage;

/// <summary>Every step of every operation: named once, bounded in time, taken back or with a reason why not, and tried under faults.</summary>
public sealed class StepCoverageTests(ControlFixture fixture)
{
    /// <summary>Steps of operations that are taken back on failure, without a way back of their own, each with its reason.</summary>
    private static readonly Dictionary<string, string> s_nothingToTakeBack = new()
    {
        ["adopt-password"] =
            "Only finish follows; a password that is handed out and set is no harm.",
        ["choose-image"] = "It only looks which image there is.",
        ["start-on-image"] = "stop-for-image's way back starts the machine on the image before.",
        ["ensure-image"] = "An image serves every instance of the engine and is kept.",
        ["issue-certificates"] = "Certificates die with the machine; nothing else knows them.",
        ["start-engine"] = "The machine is destroyed as a whole by create-machine's way back.",
        ["verify-endpoint"] = "It only looks.",
        ["finish"] = "The last one: after it there is nothing to go back from.",
        ["restart-engine"] = "apply-settings' way back puts the settings before in force.",
        ["grow-volume"] = "A volume never shrinks; a larger one does no harm.",
        ["reopen-after-growth"] = "It only starts what stop-to-grow had stopped.",
    };

    [Fact]
    public async Task Given_an_operation_then_its_steps_have_names_of_their_own_and_deadlines_within_its_own()
    {
        foreach (var workflow in await WorkflowsAsync())
        {
            Assert.Equal(workflow.StepNames.Distinct(), workflow.StepNames);
            Assert.All(workflow.StepNames, name => Assert.Matches("^[a-z]+(-[a-z]+)*$", name));
            for (var step = 0; step < workflow.StepNames.Count; step++)
            {
                Assert.InRange(
                    workflow.StepDeadline(step),
                    TimeSpan.FromSeconds(1),
                    workflow.Deadline
                );
            }
        }
    }

    [Fact]
    public async Task Given_a_name_of_a_step_then_it_always_means_the_same_step()
    {
        var twice = (await WorkflowsAsync())
            .OfType<InstanceWorkflow>()
            .SelectMany(StepsOf)
            .GroupBy(step => step.Name)
            // The last step of an operation ends it; each kind of operation has its own end.
            .Where(steps => steps.Key != "finish")
            .Where(steps => steps.Select(step => RootOf(step.GetType())).Distinct().Count() > 1)
            .Select(steps =>
                $"{steps.Key}: {string.Join(", ", steps.Select(s => s.GetType().Name))}"
            );

        Assert.Empty(twice);
    }

    [Fact]
    public async Task Given_an_operation_that_is_taken_back_then_each_step_has_a_way_back_or_a_reason()
    {
        var without = (await WorkflowsAsync())
            .OfType<InstanceWorkflow>()
            .Where(workflow => workflow.Recovery is Recovery.Undo)
            .SelectMany(StepsOf)
            .Where(step =>
                step.GetType().GetMethod(nameof(InstanceStep.UndoAsync))!.DeclaringType
                == typeof(InstanceStep)
            )
            .Select(step => step.Name)
            .Distinct();

        Assert.Equal(s_nothingToTakeBack.Keys.Order(), without.Order());
    }

    [Fact]
    public async Task Given_all_operations_then_each_is_tried_under_faults_by_the_workflow_tests()
    {
        var tests = string.Concat(
            SourceText.Below("tests/Dbaas.Control.Tests/Instances/Lifecycle").Values
        );
        var kinds = typeof(InstanceKinds)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(field => (string)field.GetValue(null)!, field => field.Name);

        Assert.Equal(
            kinds.Keys.Order(),
            (await WorkflowsAsync())
                .OfType<InstanceWorkflow>()
                .Select(workflow => workflow.Kind)
                .Order()
        );
        Assert.All(
            kinds.Values,
            name => Assert.Contains($"InstanceKinds.{name}", tests, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(InstanceKinds.Create)]
    [InlineData(InstanceKinds.Delete)]
    public async Task Given_a_create_and_a_delete_then_every_step_is_one_at_which_processes_are_killed(
        string kind
    )
    {
        var faults = string.Concat(SourceText.Below("tests/Dbaas.EndToEnd.Tests/Faults").Values);
        var workflow = (await WorkflowsAsync()).Single(one => one.Kind == kind);

        Assert.All(
            workflow.StepNames,
            name => Assert.Contains($"\"{name}\"", faults, StringComparison.Ordinal)
        );
    }

    private async Task<IReadOnlyList<IWorkflow>> WorkflowsAsync() =>
        [.. (await fixture.StartedAsync()).Services.GetServices<IWorkflow>()];

    /// <summary>A step and its stricter sister are one.</summary>
    private static Type RootOf(Type step) =>
        step.BaseType == typeof(InstanceStep) ? step : RootOf(step.BaseType!);

    private static IReadOnlyList<IStep<InstanceState>> StepsOf(IWorkflow workflow)
    {
        // Declared with a narrower type in each workflow, so the name alone is ambiguous; some inherit the list of another.
        var type = workflow.GetType();
        while (type is not null)
        {
            var steps = type.GetProperty(
                "Steps",
                BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly
            );
            if (steps is not null)
            {
                return (IReadOnlyList<IStep<InstanceState>>)steps.GetValue(workflow)!;
            }

            type = type.BaseType;
        }

        throw new InvalidOperationException($"{workflow.Kind} has no list of steps.");
    }
}
