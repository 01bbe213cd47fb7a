namespace Dbaas.Control.Operations;

/// <summary>What to do next with an operation.</summary>
internal abstract record OperationMove
{
    private OperationMove() { }

    /// <summary>Run this step forwards.</summary>
    public sealed record DoStep(int Step) : OperationMove;

    /// <summary>Take this step back.</summary>
    public sealed record UndoStep(int Step) : OperationMove;

    /// <summary>Turn round and undo from this step on.</summary>
    public sealed record TurnBack(int From, bool Cancelled) : OperationMove;

    /// <summary>Nothing before this time.</summary>
    public sealed record WaitUntil(DateTimeOffset At) : OperationMove;

    /// <summary>The last word.</summary>
    public sealed record End(string State) : OperationMove;

    /// <summary>It ended earlier.</summary>
    public sealed record Nothing : OperationMove;
}
