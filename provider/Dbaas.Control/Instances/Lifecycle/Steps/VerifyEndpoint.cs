using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Nobody is told "available" before writes are accepted and the gateway leads to them.</summary>
internal sealed class VerifyEndpoint(
    MachineDrivers drivers,
    InstanceStore store,
    EngineCatalogue engines,
    AgentCalls agents,
    StartEngine startEngine,
    TimeProvider time
) : InstanceStep
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    public override string Name => "verify-endpoint";

    public override TimeSpan Deadline => TimeSpan.FromSeconds(40);

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        if (context.Attempt > 1)
        {
            state = await startEngine.ReviveAsync(state, context, cancellationToken);
        }

        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        var started = time.GetTimestamp();
        string seen;
        do
        {
            var health = await Task.WhenAll(
                state.Members.Select(member =>
                    agents.HealthAsync(state.Region, member, cancellationToken)
                )
            );
            if (Array.Exists(health, one => one.Writable))
            {
                // Ensuring the endpoint again changes nothing and answers whether it serves.
                var status = await OpenEndpoint.SetAsync(
                    drivers,
                    engines,
                    parts,
                    state,
                    parts.Instance.Spec.AllowedCidrs,
                    cancellationToken
                );
                if (status.Serving)
                {
                    return state with
                    {
                        ActualVersion = health.First(one => one.Writable).ActualVersion,
                    };
                }

                seen = "the engine accepts writes, the gateway does not lead to it yet";
            }
            else
            {
                seen =
                    $"the engine is {health[0].Engine} and accepts no writes{(health[0].Failure.Length > 0 ? $": {health[0].Failure}" : "")}";
            }

            context.Report(seen);
            await Task.Delay(s_pause, time, cancellationToken);
        } while (time.GetElapsedTime(started) < Deadline - TimeSpan.FromSeconds(5));

        throw new StepFailedException(
            new Problem("endpoint.not_serving", 504, $"The endpoint does not serve: {seen}."),
            retryable: true
        );
    }
}
