using System.Runtime.Versioning;
using Dbaas.EndToEnd.Tests.Harness;
using Dbaas.EndToEnd.Tests.Harness.Simulated;

// One platform for all tests: starting one costs more than most of them. It starts when the first test asks for it.
[assembly: AssemblyFixture(typeof(SharedPlatform))]
[assembly: AssemblyFixture(typeof(SharedSimulation))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: SupportedOSPlatform("linux")]
