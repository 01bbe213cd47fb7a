using System.Text.Json.Nodes;

namespace Dbaas.EndToEnd.Tests.Interrupted;

/// <summary>
/// A tool that applies a declaration of one database, with what it keeps between two runs. It and its provider are processes of their
/// own, so that each can be killed while the other lives.
/// </summary>
internal interface ITool : IAsyncDisposable
{
    /// <summary>Creates, changes or, declared as null, destroys; waits for it and insists on success.</summary>
    Task RunAsync(JsonObject? declared);

    /// <summary>
    /// Begins the same and kills with SIGKILL so long after the provider began to work. A run that ends before is killed after its end,
    /// before it could say so. Returns when nothing of the run is left.
    /// </summary>
    Task InterruptAsync(JsonObject? declared, KillVictim victim, TimeSpan after);

    /// <summary>How long a run took from the provider's start of work to its end.</summary>
    TimeSpan Worked { get; }

    /// <summary>What another run would do; empty for nothing.</summary>
    Task<string> DifferencesAsync(JsonObject? declared);
}
