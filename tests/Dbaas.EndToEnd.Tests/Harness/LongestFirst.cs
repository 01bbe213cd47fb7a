using Dbaas.EndToEnd.Tests.Acceptance;
using Dbaas.EndToEnd.Tests.Faults;
using Dbaas.EndToEnd.Tests.Harness.Simulated;
using Dbaas.EndToEnd.Tests.Keys;
using Xunit.Sdk;
using Xunit.v3;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>
/// Two collections run at a time. Those that take minutes begin first, so that none is left to run alone at the end while a core has
/// nothing to do; the lives keep one busy, and the others mostly wait.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly IReadOnlyList<Type> Long =
    [
        typeof(AcceptanceTests),
        typeof(LostKeyTests),
        typeof(OneSimulation),
        typeof(KilledToolTests),
        typeof(CustomerKeyTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections
    )
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(one => Place(one))];

    private static int Place(ITestCollection collection) =>
        Long.TakeWhile(type => !IsOf(collection, type.FullName!)).Count();

    // A class without a collection of its own is one, and only its display name tells which.
    private static bool IsOf(ITestCollection collection, string type) =>
        collection.TestCollectionClassName == type
        || collection.TestCollectionDisplayName.Contains(type, StringComparison.Ordinal);
}
