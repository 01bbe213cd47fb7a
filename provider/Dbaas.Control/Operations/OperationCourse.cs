namespace Dbaas.Control.Operations;

/// <summary>The part of an operation that decides its course.</summary>
/// <param name="State">queued, running or one of the ends.</param>
/// <param name="Direction">do or undo.</param>
/// <param name="Cursor">The step under way; when undoing, the one to take back next (-1: all taken back).</param>
/// <param name="CancelRequested">Somebody asked to stop.</param>
/// <param name="Cancelled">The turn back came from a cancel, not from a failure.</param>
/// <param name="NextAttemptAt">Set after a failure that a retry may mend.</param>
internal sealed record OperationCourse(
    string State,
    string Direction,
    int Cursor,
    bool CancelRequested,
    bool Cancelled,
    DateTimeOffset? NextAttemptAt
)
{
    /// <summary>Longer than any pause before an attempt (<see cref="Backoff"/>): one that lies further ahead was written by a clock that was wrong.</summary>
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    /// <summary>The next move; pure, so that it can be tried by the thousand.</summary>
    public OperationMove Next(int steps, Func<int, bool> cancellable, DateTimeOffset now)
    {
        if (OperationStates.HasEnded(State))
        {
            return new OperationMove.Nothing();
        }

        if (Direction == OperationStates.Undo)
        {
            if (Cursor < 0)
            {
                return new OperationMove.End(
                    Cancelled ? OperationStates.Cancelled : OperationStates.Undone
                );
            }

            return Waits(now) is { } until
                ? new OperationMove.WaitUntil(until)
                : new OperationMove.UndoStep(Cursor);
        }

        if (Cursor >= steps)
        {
            return new OperationMove.End(OperationStates.Succeeded);
        }

        // A cancel counts before a pending retry: who cancels does not want to wait for it.
        if (CancelRequested && (State == OperationStates.Queued || cancellable(Cursor)))
        {
            return new OperationMove.TurnBack(Cursor, Cancelled: true);
        }

        return Waits(now) is { } at
            ? new OperationMove.WaitUntil(at)
            : new OperationMove.DoStep(Cursor);
    }

    private DateTimeOffset? Waits(DateTimeOffset now) =>
        NextAttemptAt > now && NextAttemptAt <= now + s_longestPause ? NextAttemptAt : null;
}
