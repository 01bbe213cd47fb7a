using CsCheck;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Tests.Operations;

/// <summary>Promise 10, decided apart from doing: whatever fails, an operation ends.</summary>
public sealed class OperationCourseTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Given_any_failure_and_cancel_when_moves_are_followed_then_the_operation_ends_and_undoes_what_it_did() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[-1, 12], Gen.Int[-1, 12])
            .Sample(
                (steps, failAt, cancelAt) =>
                {
                    var done = new HashSet<int>();
                    var course = new OperationCourse(
                        OperationStates.Queued,
                        OperationStates.Do,
                        0,
                        false,
                        false,
                        null
                    );
                    for (var moves = 0; moves < 100; moves++)
                    {
                        course = course with
                        {
                            CancelRequested = course.CancelRequested || course.Cursor == cancelAt,
                        };
                        switch (course.Next(steps, step => step < steps - 1, s_now))
                        {
                            case OperationMove.DoStep step when step.Step == failAt:
                                done.Add(step.Step); // half done counts as done
                                course = course with
                                {
                                    State = OperationStates.Running,
                                    Direction = OperationStates.Undo,
                                };
                                break;
                            case OperationMove.DoStep step:
                                done.Add(step.Step);
                                course = course with
                                {
                                    State = OperationStates.Running,
                                    Cursor = step.Step + 1,
                                };
                                break;
                            case OperationMove.TurnBack back:
                                course = course with
                                {
                                    Direction = OperationStates.Undo,
                                    Cursor = back.From,
                                    Cancelled = true,
                                };
                                break;
                            case OperationMove.UndoStep step:
                                done.Remove(step.Step);
                                course = course with { Cursor = step.Step - 1 };
                                break;
                            case OperationMove.End { State: OperationStates.Succeeded }:
                                return done.Count == steps;
                            case OperationMove.End:
                                return done.Count == 0;
                        }
                    }

                    return false;
                }
            );

    [Theory]
    [InlineData(OperationStates.Succeeded)]
    [InlineData(OperationStates.Failed)]
    [InlineData(OperationStates.Undone)]
    [InlineData(OperationStates.Cancelled)]
    public void Given_an_ended_operation_when_asked_then_nothing_is_done(string state) =>
        Assert.IsType<OperationMove.Nothing>(
            new OperationCourse(state, OperationStates.Do, 0, true, false, null).Next(
                3,
                _ => true,
                s_now
            )
        );

    [Fact]
    public void Given_a_pending_retry_when_asked_too_early_then_it_waits() =>
        Assert.Equal(
            s_now.AddSeconds(1),
            Assert
                .IsType<OperationMove.WaitUntil>(
                    new OperationCourse(
                        OperationStates.Running,
                        OperationStates.Do,
                        1,
                        false,
                        false,
                        s_now.AddSeconds(1)
                    ).Next(3, _ => true, s_now)
                )
                .At
        );

    [Theory]
    [InlineData(30, true)]
    [InlineData(61, false)]
    [InlineData(172_800, false)]
    public void Given_a_next_attempt_that_a_wrong_clock_wrote_then_it_is_not_waited_for(
        int seconds,
        bool waits
    )
    {
        foreach (var direction in (string[])[OperationStates.Do, OperationStates.Undo])
        {
            var course = new OperationCourse(
                OperationStates.Running,
                direction,
                1,
                false,
                false,
                s_now.AddSeconds(seconds)
            );

            var move = course.Next(3, _ => false, s_now);

            Assert.Equal(waits, move is OperationMove.WaitUntil);
        }
    }
}
