namespace Dbaas.EndToEnd.Tests.Interrupted;

/// <summary>Which process of a run is killed.</summary>
internal enum KillVictim
{
    Provider,
    Tool,
}
