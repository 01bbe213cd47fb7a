namespace Dbaas.Protocol.Agent;

/// <summary>Codes of what an agent says about its engine's health. Stable: add, never rename.</summary>
public static class AgentFailures
{
    /// <summary>The engine ended without a request and was started again.</summary>
    public const string Restarted = "engine.restarted";

    /// <summary>A process of the engine was ended for its memory.</summary>
    public const string OutOfMemory = "engine.out_of_memory";

    /// <summary>The volume is nearly full, and writes are turned away until it is not. Lasts.</summary>
    public const string VolumeFull = "engine.disk_full";

    /// <summary>The volume takes writes far too slowly. Lasts.</summary>
    public const string SlowStorage = "storage.slow";

    /// <summary>
    /// The engine ended, or ended its sessions, in the middle of a change, and comes back by itself. The same change may succeed a moment
    /// later; only ever an answer to a change, never a state.
    /// </summary>
    public const string Interrupted = "engine.interrupted";

    /// <summary>Anything else; the words say what.</summary>
    public const string Failed = "engine.failed";

    /// <summary>Whether the failure is a state that ends, and not something that happened once.</summary>
    public static bool Lasts(string code) => code is VolumeFull or SlowStorage;
}
