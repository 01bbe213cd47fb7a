using Dbaas.Control.Ids;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Http.Paging;

/// <summary>
/// Cursors of lists: signed, so that nobody can forge one, and bound to tenant, list and filters, so that one of another list or tenant
/// is refused. Every silo of an installation can read them. Thread-safe.
/// </summary>
internal interface ICursors
{
    /// <summary>
    /// Rows of the largest page. 500: tools that look at a thousand resources ask twice, and one page is still answered in a fraction of
    /// a second.
    /// </summary>
    const int LargestPage = 500;

    /// <summary>The cursor of what follows <paramref name="position"/> (the sort key of the last row shown).</summary>
    /// <param name="list">Name of the list and its filters, e.g. <c>operations?state=running</c>.</param>
    string Write(TenantId tenant, string list, string position);

    /// <summary>The position a cursor holds; null without a cursor; a problem for a bad one.</summary>
    Outcome<CursorPosition> Read(TenantId tenant, string list, string? cursor);

    /// <summary>Rows a page: 50 unless asked, 1 to <see cref="LargestPage"/>. Others are refused, not clamped.</summary>
    Outcome<int> Limit(int? limit);
}
