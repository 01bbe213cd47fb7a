using Dbaas.Common;
using Dbaas.Engines.Processes;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.Members;

/// <summary>A server that ends without a request of ours is started again, until it runs or somebody asks for a stop.</summary>
internal abstract partial class EngineMember
{
    // Life is counted from the moment it serves: the death of a server that has served for five seconds is no failed start.
    private readonly RestartBackOff _backOff = new(
        TimeSpan.FromMilliseconds(250),
        TimeSpan.FromSeconds(10),
        TimeSpan.FromSeconds(5)
    );
    private readonly Lock _recovering = new();
    private WatchedProcess? _watched;
    private bool _recovers;

    public async Task AdoptAsync(CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            if (!File.Exists(_folders.Durable) || State.Load() is not { } spec)
            {
                return;
            }

            Spec = spec;
            Hide(spec);
            if (await TakeBackAsync(spec, State.Desired, cancellationToken))
            {
                Phase = "running";
            }
        }
        catch (Exception failure) when (IsOfTheOutsideWorld(failure))
        {
            var message = Log.Clean(failure.Message);
            Fail(message, "The engine cannot be taken back");
            _ = RecoverAsync(Server.Process, TimeSpan.Zero);
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>
    /// Takes back a server that runs, or starts it when it is desired: agent and server died together. A machine that restarted waits
    /// for its host instead.
    /// </summary>
    /// <returns>Whether the server serves; false when none runs and none is desired.</returns>
    protected abstract Task<bool> TakeBackAsync(
        MemberSpec spec,
        bool desired,
        CancellationToken cancellationToken
    );

    /// <summary>Brings back a server that has ended, until it serves, and tells it with <see cref="NoteRestart"/>.</summary>
    /// <param name="spec">What shall be.</param>
    /// <param name="inOrder">What <see cref="WentDownInOrder"/> said; false from the second attempt on.</param>
    protected abstract Task BringBackAsync(MemberSpec spec, bool inOrder);

    /// <summary>Whether the server that has just ended went down in order, so that somebody inside the machine must have asked for it.</summary>
    protected virtual bool WentDownInOrder() => false;

    /// <summary>Before an attempt, while somebody else may still be at work on the server.</summary>
    protected virtual void BeginRecovery(bool inOrder) { }

    /// <summary>After an attempt, whatever came of it.</summary>
    protected virtual void EndRecovery() { }

    /// <summary>What to do about the last failure that the log shows; empty when it shows none. To be read before a new start writes.</summary>
    protected string LastAdvice() => Words.Explain(Log.Last(Lines))?.Advice ?? "";

    protected void NoteRestart(string advice, string fallen, PhaseClock clock)
    {
        var message =
            $"The server ended unexpectedly and was started again. {advice}{fallen}".Trim();
        Troubles.Happen(AgentFailures.Restarted, message);
        Report(
            $"{message} ({string.Join(", ", clock.Milliseconds.Select(phase => $"{phase.Key} {phase.Value:0} ms"))})"
        );
    }

    /// <summary>Sees to it that the end of the current server process is noticed at once.</summary>
    protected void WatchServer()
    {
        _watch.Begin();
        if (Server.Process is not { } process || ReferenceEquals(process, _watched))
        {
            return;
        }

        _watched = process;
        var started = Time.GetTimestamp();
        _ = process.Exited.ContinueWith(
            _ => RecoverAsync(process, Time.GetElapsedTime(started)),
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
    }

    /// <summary>Starts the server again after a crash: at once the first time, then less and less often.</summary>
    private async Task RecoverAsync(WatchedProcess? ended, TimeSpan lived)
    {
        if (!State.Desired || Phase is "stopping" or "starting")
        {
            return;
        }

        lock (_recovering)
        {
            if (_recovers)
            {
                return;
            }

            _recovers = true;
        }

        try
        {
            var inOrder = WentDownInOrder();
            while (State.Desired && ReferenceEquals(Server.Process, ended))
            {
                await Task.Delay(_backOff.AfterDeath(lived), Time);
                await TryRecoverAsync(ended, inOrder);
                (inOrder, lived) = (false, TimeSpan.Zero);
            }
        }
        finally
        {
            lock (_recovering)
            {
                _recovers = false;
            }
        }

        // It may have died again before the mark above was taken away, also between its start and the end of the attempt, which failed then.
        if (Server.Process is { HasExited: true } again && Phase is "running" or "failed")
        {
            await RecoverAsync(again, TimeSpan.Zero);
        }
    }

    private async Task TryRecoverAsync(WatchedProcess? ended, bool inOrder)
    {
        BeginRecovery(inOrder);
        await Gate.WaitAsync();
        try
        {
            if (!State.Desired || !ReferenceEquals(Server.Process, ended) || Spec is not { } spec)
            {
                return;
            }

            Phase = "starting";
            Disk.Look();
            await BringBackAsync(spec, inOrder);
            Phase = "running";
        }
        catch (Exception failure) when (IsOfTheOutsideWorld(failure))
        {
            var message = Log.Clean($"{failure.Message} {LastAdvice()}".Trim());
            Fail(message, "The engine ended and cannot be started");
        }
        finally
        {
            Gate.Release();
            EndRecovery();
        }
    }

    private void Fail(string reason, string what)
    {
        Troubles.Note(AgentFailures.Failed, reason);
        Phase = "failed";
        Report($"{what}: {reason}");
    }
}
