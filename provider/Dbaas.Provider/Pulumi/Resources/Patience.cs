using Dbaas.Provider.Connection;

namespace Dbaas.Provider.Pulumi.Resources;

/// <summary>How long one change may take: as long as the user's custom timeout says, and no longer than the user lets the run go on.</summary>
internal sealed class Patience : IDisposable
{
    // Below the one hour after which most CI systems end a job.
    private static readonly TimeSpan Default = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private readonly CancellationTokenSource deadline;
    private readonly CancellationTokenSource waiting;
    private readonly TimeSpan timeout;

    /// <param name="session">Knows whether the user asked to stop.</param>
    /// <param name="timeoutSeconds">What the engine says; 0 for nothing.</param>
    /// <param name="cancellationToken">The call itself.</param>
    public Patience(
        ProviderSession session,
        double timeoutSeconds,
        CancellationToken cancellationToken
    )
    {
        timeout =
            timeoutSeconds > 0
                ? TimeSpan.FromSeconds(Math.Min(timeoutSeconds, Longest.TotalSeconds))
                : Default;
        deadline = new CancellationTokenSource(timeout, session.Time);
        waiting = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            session.Stopping,
            deadline.Token
        );
    }

    public CancellationToken Token => waiting.Token;

    public bool IsOver => deadline.IsCancellationRequested;

    /// <summary>Why the waiting ended before the work did.</summary>
    public string Reason =>
        IsOver
            ? $"Not finished after {timeout.TotalMinutes:0.#} minutes."
            : "Interrupted before it was finished.";

    public void Dispose()
    {
        waiting.Dispose();
        deadline.Dispose();
    }
}
