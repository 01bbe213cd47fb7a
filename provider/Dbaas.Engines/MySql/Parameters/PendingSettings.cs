using Dbaas.Engines.MySql.Member;

namespace Dbaas.Engines.MySql.Parameters;

/// <summary>
/// Settings that wait for a restart because a declaration changed. What only another version of the platform gives the server waits as
/// well, but silently, for the next restart: a change that no plan called a restart must not become one by an upgrade (ADR 0064).
/// </summary>
internal static class PendingSettings
{
    // What varies with the size can be set live, so any size tells what all are given.
    private static readonly IReadOnlyDictionary<string, string> s_given =
        SizeDerivedSettings.Derive(new MachineSize(1, 1L << 30, 1L << 30));

    /// <param name="live">Name → value, what the running server was given.</param>
    /// <param name="wanted">Name → value, what it would be given now.</param>
    /// <returns>Names, in order.</returns>
    public static IReadOnlyList<string> Of(
        IReadOnlyDictionary<string, string> live,
        IReadOnlyDictionary<string, string> wanted
    ) =>
        [
            .. Convergence
                .Different(live, wanted)
                .Where(name => ManagedParameters.ReasonFor(name) is null)
                // All servers are given it, but this one was started by a version that did not; a user's own value is another.
                .Where(name =>
                    live.ContainsKey(name)
                    || !s_given.TryGetValue(name, out var value)
                    || wanted[name] != value
                ),
        ];
}
