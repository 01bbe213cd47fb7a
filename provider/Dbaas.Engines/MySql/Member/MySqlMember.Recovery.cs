using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.MySql.Member;

/// <summary>How a server comes back, and a member that left its group.</summary>
internal sealed partial class MySqlMember
{
    protected override async Task<bool> TakeBackAsync(
        MemberSpec spec,
        bool desired,
        CancellationToken cancellationToken
    )
    {
        var clock = new PhaseClock(Time);
        if (await _server.AdoptAsync(cancellationToken))
        {
            Report("Adopted the running engine.");
        }
        else if (desired)
        {
            var fallen = await StartServerAsync(
                spec,
                OptionFile.Of(spec, _paths),
                clock,
                cancellationToken
            );
            Report($"Started the engine again after the agent was gone. {fallen}".Trim());
        }
        else
        {
            return false;
        }

        await ServeAsync(spec, clock, cancellationToken);
        return true;
    }

    protected override async Task BringBackAsync(MemberSpec spec, bool inOrder)
    {
        var clock = new PhaseClock(Time);
        var advice = LastAdvice();
        // An earlier attempt's server may still be recovering. Ended and started again it would begin from the start, again and again.
        var fallen = await _server.AdoptAsync(CancellationToken.None)
            ? ""
            : await StartServerAsync(
                spec,
                OptionFile.Of(spec, _paths),
                clock,
                CancellationToken.None
            );
        await ServeAsync(spec, clock, CancellationToken.None);
        NoteRestart(advice, fallen, clock);
    }

    /// <summary>A server runs: its end is noticed from now on, and its group makes it take writes.</summary>
    private async Task ServeAsync(
        MemberSpec spec,
        PhaseClock clock,
        CancellationToken cancellationToken
    )
    {
        WatchServer();
        await _server.Group!.StartAsync(spec, cancellationToken);
        clock.End("group");
    }

    /// <summary>Brings a member back that left its group while its server runs on; otherwise nobody could write any more.</summary>
    private async Task RejoinAsync()
    {
        // Whoever holds the gate is at work on the server, and the next look comes soon.
        if (!await Gate.WaitAsync(TimeSpan.Zero))
        {
            return;
        }

        try
        {
            if (Phase == "running" && Spec is { } spec && _server.Group is { } group)
            {
                await group.StartAsync(spec, CancellationToken.None);
                await _server.Session!.ExecuteAsync(
                    "SET GLOBAL offline_mode = OFF",
                    CancellationToken.None
                );
                const string message =
                    "The member had left its group and was brought back; its log says why.";
                Troubles.Happen(AgentFailures.Failed, message);
                Report(message);
            }
        }
        catch (Exception failure) when (IsOfTheOutsideWorld(failure))
        {
            var message = Log.Clean(failure.Message);
            Troubles.Note(AgentFailures.Failed, message);
            Report($"The member cannot be brought back into its group: {message}");
        }
        finally
        {
            Gate.Release();
        }
    }
}
