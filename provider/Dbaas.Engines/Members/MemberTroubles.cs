namespace Dbaas.Engines.Members;

/// <summary>What is wrong with a member now, or went wrong last. Safe to share between threads.</summary>
internal sealed class MemberTroubles(DiskGuard disk, StorageProbe storage, TimeProvider time)
{
    private volatile Trouble _last = Trouble.None;

    /// <summary>A state that lasts comes before what happened once.</summary>
    /// <param name="runs">Whether the server runs: the volume of a stopped one troubles nobody.</param>
    public Trouble Now(bool runs) =>
        runs && disk.Low ? disk.Trouble
        : runs && storage.Trouble != Trouble.None ? storage.Trouble
        : _last;

    /// <summary>Remembers what happened; an empty message says that all went well.</summary>
    public void Note(string code, string message) =>
        _last = message.Length == 0 ? Trouble.None : new(code, message, time.GetUtcNow());

    public void Clear() => _last = Trouble.None;
}
