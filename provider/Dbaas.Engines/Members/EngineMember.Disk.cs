namespace Dbaas.Engines.Members;

/// <summary>What a member does so that its volume does not fill up, or at least hurts nobody when it does.</summary>
internal abstract partial class EngineMember
{
    /// <summary>
    /// Makes the server read-only, or writable again, and answers whether it was in the other state. Waits for <see cref="Gate"/>. Asked
    /// again at each look while the volume is low: a server that was started anew must be told anew.
    /// </summary>
    protected abstract Task<bool> TellServerAsync(bool readOnly);

    /// <summary>Settings with what the server must have besides as long as its volume is low. Not to be remembered: it may have room next time.</summary>
    protected virtual IReadOnlyDictionary<string, string> Guarded(
        IReadOnlyDictionary<string, string> settings
    ) => settings;

    /// <summary>
    /// Takes away of the server's own logs what is too much. Asked at each look while the server serves, beside whatever else is done
    /// with it: nobody waits for this, and it does not wait for <see cref="Gate"/>.
    /// </summary>
    protected virtual Task TrimLogsAsync() => Task.CompletedTask;
}
