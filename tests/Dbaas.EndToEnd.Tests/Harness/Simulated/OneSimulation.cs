namespace Dbaas.EndToEnd.Tests.Harness.Simulated;

/// <summary>Tests on the shared simulation that count what it still has: one at a time, beside tests on the real platform.</summary>
[CollectionDefinition]
public sealed class OneSimulation;
