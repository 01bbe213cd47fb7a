namespace Dbaas.Control.Operations;

/// <summary>Somebody follows an operation; to be disposed of exactly once, when they no longer do.</summary>
internal interface IOperationWatch : IDisposable
{
    /// <summary>Completes with the next change. Take it before reading the row, so that a change in between is not missed.</summary>
    Task Next { get; }
}
