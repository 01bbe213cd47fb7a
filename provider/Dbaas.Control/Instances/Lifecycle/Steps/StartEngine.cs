using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Agent;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>
/// The agent initialises an empty volume, or starts what lies on it, and converges it to the specification. A machine that died since
/// it was started (its first process was killed, the host lost its power) is started again first: nobody else would, and its agent
/// would never answer.
/// </summary>
internal sealed partial class StartEngine(
    InstanceStore store,
    MemberSpecs specs,
    AgentCalls agents,
    MachineDrivers drivers,
    OpenVolume openVolume,
    StartMachine startMachine,
    TimeProvider time,
    ILogger<StartEngine> logger
) : InstanceStep
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    public override string Name => "start-engine";

    public override TimeSpan Deadline => TimeSpan.FromMinutes(3);

    public override Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) => EnsureAsync(state, null, context, cancellationToken);

    /// <summary>
    /// For steps that found no agent or no engine: starts what has died since, changes nothing where all engines run. Without it a
    /// machine that dies in the middle of a change would be waited for until the deadline, and for ever by the undo.
    /// </summary>
    public async Task<InstanceState> ReviveAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        await IsDownAsync(state, cancellationToken)
            ? await EnsureAsync(state, null, context, cancellationToken)
            : state;

    /// <summary>Whether a machine has stopped, or its agent waits to be told to start the engine.</summary>
    public async Task<bool> IsDownAsync(InstanceState state, CancellationToken cancellationToken) =>
        await StoppedAsync(state, cancellationToken) || await IdleAsync(state, cancellationToken);

    /// <param name="state">The operation's state.</param>
    /// <param name="wanted">What the engine shall be; null for the instance's own specification.</param>
    /// <param name="context">The operation.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<InstanceState> EnsureAsync(
        InstanceState state,
        InstanceSpec? wanted,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        if (await StoppedAsync(state, cancellationToken))
        {
            LogRevived(state.Instance);
            context.Report("a machine has stopped and is started again");
            await openVolume.DoAsync(state, context, cancellationToken);
            state = await startMachine.DoAsync(state, context, cancellationToken);
        }

        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        foreach (var member in state.Members)
        {
            var spec = await specs.BuildAsync(
                parts,
                member,
                wanted ?? parts.Instance.Spec,
                null,
                cancellationToken
            );
            var result = await StartAsync(state, member, spec, cancellationToken);
            state = state with
            {
                ActualVersion =
                    result.Health.ActualVersion.Length > 0
                        ? result.Health.ActualVersion
                        : state.ActualVersion,
                PendingRestart = result.PendingRestart,
                PhaseMilliseconds = result.PhaseMilliseconds,
            };
        }

        return state;
    }

    private async Task<bool> StoppedAsync(InstanceState state, CancellationToken cancellationToken)
    {
        foreach (var member in state.Members)
        {
            if (!await RunsAsync(state, member, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether an agent waits to be told to start its engine: an earlier attempt brought the machine back and got no further. One that failed by itself is left to its agent, and to the undo of what made it fail.
    /// </summary>
    private async Task<bool> IdleAsync(InstanceState state, CancellationToken cancellationToken)
    {
        foreach (var member in state.Members)
        {
            var health = await agents.HealthAsync(state.Region, member, cancellationToken);
            if (health.Engine is "absent" or "stopped")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Watches the machine while its agent works, so that a machine that dies in the middle costs a second and not the whole deadline.
    /// </summary>
    private async Task<ApplyResult> StartAsync(
        InstanceState state,
        MemberState member,
        MemberSpec spec,
        CancellationToken cancellationToken
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var starting = agents.ChangeAsync(
            state,
            member,
            AgentPaths.Start,
            spec,
            AgentJson.Default.MemberSpec,
            Deadline,
            ending.Token
        );
        var dying = DiesAsync(state, member, ending.Token);
        try
        {
            if (await Task.WhenAny(starting, dying) == starting || !await dying)
            {
                return await starting;
            }

            throw new MachineDriverException(
                "machine.stopped",
                "The machine stopped while its engine was being started.",
                retryable: true
            );
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(starting, dying)
                .ContinueWith(
                    ended => _ = ended.Exception,
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                );
        }
    }

    /// <summary>True once the machine is seen stopped; false when looking fails, because silence tells nothing.</summary>
    private async Task<bool> DiesAsync(
        InstanceState state,
        MemberState member,
        CancellationToken cancellationToken
    )
    {
        try
        {
            do
            {
                await Task.Delay(s_look, time, cancellationToken);
            } while (await RunsAsync(state, member, cancellationToken));

            return true;
        }
        catch (MachineDriverException)
        {
            return false;
        }
    }

    private async Task<bool> RunsAsync(
        InstanceState state,
        MemberState member,
        CancellationToken cancellationToken
    )
    {
        var machine = await drivers
            .For(state.Region)
            .ObserveMachineAsync(
                member.Host,
                new ObserveMachineRequest { MachineId = member.Machine.ToString() },
                cancellationToken
            );
        return machine.State is not ("created" or "stopped");
    }

    [LoggerMessage(
        3210,
        LogLevel.Warning,
        "A machine of {Instance} has stopped in the middle of an operation: starting it again"
    )]
    private partial void LogRevived(Ids.InstanceId instance);
}
