using System.Collections.Immutable;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.Members;

/// <summary>What is wrong with a member now, or went wrong last. Safe to share between threads.</summary>
internal sealed class MemberTroubles(DiskGuard disk, StorageProbe storage, TimeProvider time)
{
    private volatile Trouble _last = Trouble.None;
    private ImmutableList<AgentHappening> _happened = [];

    /// <summary>What <see cref="Happen"/> was told, the newest last; only the end of this process forgets it.</summary>
    public IReadOnlyList<AgentHappening> Happened => Volatile.Read(ref _happened);

    /// <summary>A state that lasts comes before what happened once.</summary>
    /// <param name="runs">Whether the server runs: the volume of a stopped one troubles nobody.</param>
    public Trouble Now(bool runs) =>
        runs && disk.Low ? disk.Trouble
        : runs && storage.Trouble != Trouble.None ? storage.Trouble
        : _last;

    /// <summary>Remembers what happened; an empty message says that all went well.</summary>
    public void Note(string code, string message) =>
        _last = message.Length == 0 ? Trouble.None : new(code, message, time.GetUtcNow());

    /// <summary>
    /// Remembers what befell a server that was to run. Other than a failed change, nobody waits for it: it is kept for whoever asks next,
    /// although a change may succeed before that.
    /// </summary>
    /// <param name="code">One of <see cref="AgentFailures"/>. Of one that lasts, the state is told by who measures it, and ends; that the server fell
    /// over it does not.</param>
    /// <param name="message">In words, with what to do.</param>
    public void Happen(string code, string message)
    {
        var at = time.GetUtcNow();
        code = AgentFailures.Lasts(code) ? AgentFailures.Restarted : code;
        _last = new(code, message, at);
        ImmutableInterlocked.Update(
            ref _happened,
            (known, now) => [.. known.TakeLast(AgentHappening.Kept - 1), now],
            new AgentHappening(code, message, at)
        );
    }

    public void Clear() => _last = Trouble.None;
}
