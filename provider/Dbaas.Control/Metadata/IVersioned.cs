namespace Dbaas.Control.Metadata;

/// <summary>
/// A row with optimistic locking: every UPDATE says WHERE version = the one that was read, and writes the next. A grain that is active
/// twice, or two requests at once, end in <see cref="Microsoft.EntityFrameworkCore.DbUpdateConcurrencyException"/> for the later one.
/// </summary>
internal interface IVersioned
{
    /// <summary>Rises by one with every change; set by <see cref="MetadataContext"/>.</summary>
    long Version { get; set; }
}
