using Dbaas.Engines.Processes;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.Members;

/// <summary>The server of one data directory, as far as every engine's member deals with it alike. One caller at a time.</summary>
internal interface IMemberServer
{
    /// <summary>Its main process; null before it was started or found by this agent. One that ended stays here.</summary>
    WatchedProcess? Process { get; }

    bool Runs => Process is { HasExited: false };

    /// <summary>Starts with these settings and waits until connections are taken.</summary>
    /// <exception cref="MemberFailure"><c>engine.start_failed</c>: it ended; <c>engine.start_timeout</c>: it takes none.</exception>
    Task StartAsync(
        MemberSpec spec,
        IReadOnlyDictionary<string, string> settings,
        PhaseClock clock,
        CancellationToken cancellationToken
    );
}
