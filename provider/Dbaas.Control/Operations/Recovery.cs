namespace Dbaas.Control.Operations;

/// <summary>What happens when a step fails for good.</summary>
internal enum Recovery
{
    /// <summary>The steps so far are undone backwards; the operation ends undone and leaves nothing.</summary>
    Undo,

    /// <summary>Undoing could lose data or makes no sense: the operation ends failed, and another may go on from there.</summary>
    Stay,
}
