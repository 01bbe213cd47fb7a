using System.Runtime.Versioning;
using Dbaas.EndToEnd.Tests.Harness;
using Dbaas.EndToEnd.Tests.Harness.Simulated;

// One platform for all tests: starting one costs more than most of them. It starts when the first test asks for it.
[assembly: AssemblyFixture(typeof(SharedPlatform))]
[assembly: AssemblyFixture(typeof(SharedSimulation))]
// They wait for engines, keys and tools much of the time; two keep two cores busy. What must not have company is in the collection Alone.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
[assembly: TestCollectionOrderer(typeof(CollectionOrder))]
[assembly: SupportedOSPlatform("linux")]
