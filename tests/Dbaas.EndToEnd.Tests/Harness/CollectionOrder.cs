using Dbaas.EndToEnd.Tests.Acceptance;
using Dbaas.EndToEnd.Tests.Faults;
using Dbaas.EndToEnd.Tests.Harness.Simulated;
using Dbaas.EndToEnd.Tests.Keys;
using Dbaas.Tests.Common;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>The lives keep a core busy, and the others mostly wait.</summary>
public sealed class CollectionOrder()
    : LongestFirst(
        typeof(AcceptanceTests),
        typeof(LostKeyTests),
        typeof(OneSimulation),
        typeof(KilledToolTests),
        typeof(CustomerKeyTests)
    );
