using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>How a server comes back beside Patroni, which may be at work on it too (ADR 0061).</summary>
internal sealed partial class PostgreSqlMember
{
    // Patroni restarts a server that it stopped itself; only when it does not, the agent steps in.
    private static readonly TimeSpan PatroniLimit = TimeSpan.FromSeconds(15);

    protected override async Task<bool> TakeBackAsync(
        MemberSpec spec,
        bool desired,
        CancellationToken cancellationToken
    )
    {
        var settings = Settings(spec);
        var frozen = _patroni.Adopt();
        if (await _server.AdoptAsync(spec.Port, cancellationToken))
        {
            Report("Adopted the running engine.");
        }
        else if (desired)
        {
            if (frozen)
            {
                _patroni.Freeze();
            }

            var clock = new PhaseClock(Time);
            var fallen = await StartServerAsync(spec, settings, clock, cancellationToken);
            _patroni.Thaw();
            Report($"Started the engine again after the agent was gone. {fallen}".Trim());
        }
        else
        {
            return false;
        }

        Serve(spec, settings);
        return true;
    }

    protected override bool WentDownInOrder() => _server.WasShutDown();

    protected override void BeginRecovery(bool inOrder)
    {
        if (!inOrder)
        {
            _patroni.Freeze();
        }
    }

    protected override void EndRecovery() => _patroni.Thaw();

    protected override async Task BringBackAsync(MemberSpec spec, bool inOrder)
    {
        var settings = Settings(spec);
        if (!inOrder || !await PatroniStartsItAsync(spec.Port))
        {
            var clock = new PhaseClock(Time);
            var advice = LastAdvice();
            // Whatever runs by now, Patroni's or an earlier attempt's, is as good as a new one.
            var fallen = await _server.AdoptAsync(spec.Port, CancellationToken.None)
                ? ""
                : await StartServerAsync(spec, settings, clock, CancellationToken.None);
            NoteRestart(advice, fallen, clock);
        }

        Serve(spec, settings);
    }

    /// <summary>A server runs: its end is noticed from now on, and Patroni leads it.</summary>
    private void Serve(MemberSpec spec, IReadOnlyDictionary<string, string> settings)
    {
        WatchServer();
        _patroni.Ensure();
        _upkeep.Follow(spec, settings);
    }

    private async Task<bool> PatroniStartsItAsync(int port)
    {
        var started = Time.GetTimestamp();
        while (Time.GetElapsedTime(started) < PatroniLimit)
        {
            if (await _server.AdoptAsync(port, CancellationToken.None))
            {
                return true;
            }

            await Task.Delay(Poll, Time);
        }

        return false;
    }
}
