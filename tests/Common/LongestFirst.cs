using Xunit.Sdk;
using Xunit.v3;

namespace Dbaas.Tests.Common;

/// <summary>
/// Few collections run at a time. Those that take longest begin first, in the order given, so that none is left to run alone at the end
/// while a core has nothing to do. xunit hands all collections to the thread pool at once, which takes up the last one first (3.2.2:
/// <c>XunitTestAssemblyRunnerBase.RunTestCollections</c>); so the longest is put last here.
/// </summary>
/// <param name="longest">Classes of tests, or of their collections' definitions.</param>
public abstract class LongestFirst(params IReadOnlyList<Type> longest) : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections
    )
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(one => Place(one))];

    private int Place(ITestCollection collection) =>
        longest.TakeWhile(type => !IsOf(collection, type.FullName!)).Count();

    // A class without a collection of its own is one, and only its display name tells which.
    private static bool IsOf(ITestCollection collection, string type) =>
        collection.TestCollectionClassName == type
        || collection.TestCollectionDisplayName.Contains(type, StringComparison.Ordinal);
}
