using Dbaas.Provider.Tests.Examples;
using Dbaas.Tests.Common;

[assembly: TestCollectionOrderer(typeof(Dbaas.Provider.Tests.CollectionOrder))]

namespace Dbaas.Provider.Tests;

/// <summary>Restarts and delays wait for retries, the examples for another program.</summary>
public sealed class CollectionOrder()
    : LongestFirst(
        typeof(Pulumi.RestartTests),
        typeof(Terraform.RestartTests),
        typeof(Pulumi.FaultTests),
        typeof(ExampleTests),
        typeof(Terraform.LifecycleTests)
    );
