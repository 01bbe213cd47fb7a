using System.ComponentModel.DataAnnotations;

namespace Dbaas.Control.Retention;

/// <summary>How long what nobody needs any more is kept (section <c>retention</c>).</summary>
internal sealed class RetentionOptions
{
    /// <summary>
    /// Days for which the progress of an operation's steps can be read; what was asked and how it ended stays. 7: long enough to look
    /// into last weekend.
    /// </summary>
    [Range(1, 365)]
    public int ProgressDays { get; set; } = 7;

    /// <summary>Minutes between two rounds.</summary>
    [Range(1, 1440)]
    public int PauseMinutes { get; set; } = 15;

    /// <summary>Rows a transaction; small, so that nobody waits for a lock.</summary>
    [Range(1, 100_000)]
    public int BatchRows { get; set; } = 1000;
}
