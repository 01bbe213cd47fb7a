namespace Dbaas.Control.Http.Paging;

/// <summary>Where a page starts.</summary>
/// <param name="After">Sort key of the row before it; null for the first page.</param>
internal readonly record struct CursorPosition(string? After);
