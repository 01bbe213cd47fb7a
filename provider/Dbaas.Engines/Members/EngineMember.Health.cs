using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.Members;

/// <summary>What the member says about itself. The server is asked when somebody asks, not on a timer.</summary>
internal abstract partial class EngineMember
{
    private static readonly string AgentVersion =
        typeof(EngineMember).Assembly.GetName().Version?.ToString(3) ?? "";

    // Answers may be a second old; a server that does not answer within this time is reported with what was last seen.
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(500);
    private readonly SemaphoreSlim _probing = new(1, 1);
    private Observation _seen = new("", "", false, "", []);
    private long _seenAt;

    /// <summary>What a server said when it was asked.</summary>
    /// <param name="Version">Its version, without what packagers add.</param>
    /// <param name="Role">primary or standby.</param>
    /// <param name="Writable">Whether it takes writes.</param>
    /// <param name="Position">Where it stands in its log: an LSN, a GTID set.</param>
    /// <param name="Pending">Settings that wait for a restart.</param>
    protected sealed record Observation(
        string Version,
        string Role,
        bool Writable,
        string Position,
        IReadOnlyList<string> Pending
    );

    /// <summary>Whether the member is in the hands of what decides over primaries: Patroni, a group.</summary>
    protected abstract bool IsManaged { get; }

    public async Task<AgentHealth> HealthAsync(CancellationToken cancellationToken)
    {
        if (Phase != "running" || Time.GetElapsedTime(_seenAt) < Fresh)
        {
            return Snapshot();
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ProbeLimit);
        return await ProbeAsync(limit.Token);
    }

    /// <summary>Asks the server; null when there is no session with it.</summary>
    protected abstract Task<Observation?> ObserveAsync(CancellationToken cancellationToken);

    /// <summary>What was seen of the server is over; whoever asks next asks the server.</summary>
    protected void ObserveAnew() => _seenAt = 0;

    private async Task<AgentHealth> ProbeAsync(CancellationToken cancellationToken)
    {
        if (Phase != "running" || !await _probing.WaitAsync(0, cancellationToken))
        {
            return Snapshot();
        }

        try
        {
            if (await ObserveAsync(cancellationToken) is { } seen)
            {
                _seen = seen;
                _seenAt = Time.GetTimestamp();
            }
        }
        catch (Exception failure)
            when (failure is OperationCanceledException or InvalidOperationException
                || IsOfTheServer(failure)
            )
        {
            // The server is busy, restarting or gone, and its session may be closed; its process says which, and the snapshot shows it.
            _seen = _seen with
            {
                Writable = false,
            };
        }
        finally
        {
            _probing.Release();
        }

        return Snapshot();
    }

    private AgentHealth Snapshot()
    {
        var seen = _seen;
        // The phase comes first: its reason is written before it (Fail), so that nobody reads one without the other.
        var phase = Phase;
        var runs = phase == "running" && Server.Runs;
        var trouble = Troubles.Now(runs);
        return new AgentHealth
        {
            AgentVersion = AgentVersion,
            Engine = phase == "running" && !runs ? "starting" : phase,
            ActualVersion = seen.Version,
            Role = runs ? seen.Role : "",
            Writable = runs && seen.Writable && !Disk.Low,
            Position = seen.Position,
            PendingRestart = seen.Pending,
            Generation = Spec?.Generation ?? 0,
            Managed = runs && IsManaged,
            Failure = trouble.Message,
            FailureCode = trouble.Code,
            FailureSince = trouble.Since,
            Happened = Troubles.Happened,
        };
    }
}
