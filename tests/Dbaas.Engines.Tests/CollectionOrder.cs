using Dbaas.Engines.Tests.MySql;
using Dbaas.Engines.Tests.PostgreSql;
using Dbaas.Tests.Common;

// An engine that starts or stops waits for its disk much of the time: three keep two cores busy.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
[assembly: TestCollectionOrderer(typeof(Dbaas.Engines.Tests.CollectionOrder))]

namespace Dbaas.Engines.Tests;

/// <summary>MySQL takes several times as long to start as PostgreSQL.</summary>
public sealed class CollectionOrder()
    : LongestFirst(
        typeof(LifeOfAMySqlMemberTests),
        typeof(StopOfAMySqlMemberTests),
        typeof(FaultsOfAMemberTests),
        typeof(RightsOfTheMySqlAdminTests),
        typeof(LifeOfAMemberTests)
    );
