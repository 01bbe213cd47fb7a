namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>
/// Tests that end, freeze or restart what others use, that count what the platform has, or that measure time, memory or load. One at a
/// time, after those that only use their own databases: these wait for engines, keys and tools most of the time and share the machine.
/// </summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;
