using System.Net.Sockets;
using Dbaas.Control.Machines;
using Dbaas.Control.Problems;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Dbaas.Control.Operations;

/// <summary>What a failed attempt means for the operation.</summary>
/// <param name="Problem">For the user.</param>
/// <param name="Retryable">Whether to try again.</param>
/// <param name="Expected">False for a bug of ours: it is logged with its stack.</param>
internal sealed record StepFailure(Problem Problem, bool Retryable, bool Expected)
{
    /// <summary>
    /// Whether it is a key service that is away. Nothing of ours mends that and nothing is broken by waiting, so it takes nothing of the
    /// operation's time: a database must not end failed, or a create be taken back, because its key service was away for a while.
    /// </summary>
    public bool Waits =>
        Retryable && Problem.Code is "key.service_unavailable" or "key.unavailable";

    /// <param name="exception">What the step threw.</param>
    /// <param name="step">Its name.</param>
    public static StepFailure Of(Exception exception, string step) =>
        exception switch
        {
            StepFailedException failed => new(failed.Problem, failed.Retryable, true),
            MachineDriverException driver => new(
                new Problem(driver.Code, driver.Retryable ? 503 : 500, $"{step}: {driver.Message}"),
                driver.Retryable,
                true
            ),
            OperationCanceledException or TimeoutException => new(
                new Problem(OperationProblems.StepDeadline, 504, $"{step} did not finish in time."),
                true,
                true
            ),
            DbUpdateConcurrencyException => new(
                new Problem(
                    OperationProblems.Conflict,
                    409,
                    $"{step} met another change of the same rows."
                ),
                true,
                true
            ),
            // The metadata database, a key service or a host is away: all of them come back.
            NpgsqlException
            or DbUpdateException
            or HttpRequestException
            or SocketException
            or IOException => new(
                new Problem(
                    OperationProblems.Unreachable,
                    503,
                    $"{step} could not reach a part of the platform: {exception.Message}"
                ),
                true,
                true
            ),
            _ => new(
                new Problem(
                    OperationProblems.Internal,
                    500,
                    $"{step} failed inside the platform; the log of the control service holds the cause under this operation's id."
                ),
                false,
                false
            ),
        };
}
