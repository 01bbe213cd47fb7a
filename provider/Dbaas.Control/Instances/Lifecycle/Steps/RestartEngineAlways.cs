namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>The user asked for a restart: do it whether or not settings wait.</summary>
internal sealed class RestartEngineAlways(
    InstanceStore store,
    AgentCalls agents,
    StartEngine startEngine
) : RestartEngine(store, agents, startEngine)
{
    protected override bool Always => true;
}
