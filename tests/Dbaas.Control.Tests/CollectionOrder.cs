using Dbaas.Control.Tests.Fuzz;
using Dbaas.Control.Tests.Instances;
using Dbaas.Control.Tests.Instances.Lifecycle;
using Dbaas.Control.Tests.Keys;
using Dbaas.Tests.Common;

// One waits for the key service's clock most of the time: three keep two cores busy.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
[assembly: TestCollectionOrderer(typeof(Dbaas.Control.Tests.CollectionOrder))]

namespace Dbaas.Control.Tests;

/// <summary>The guard of keys waits for its clock most of the time; the workflows need a core.</summary>
public sealed class CollectionOrder()
    : LongestFirst(
        typeof(KeyGuardTests),
        typeof(WorkflowFaultTests),
        typeof(ChangeMatrixTests),
        typeof(DyingMachineTests),
        typeof(RandomLifeTests),
        typeof(FuzzTests),
        typeof(InstanceLifeTests),
        typeof(CrashAtAnyAwaitTests)
    );
