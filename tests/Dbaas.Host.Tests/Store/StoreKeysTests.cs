using System.Text;
using CsCheck;
using Dbaas.Host.Store;

namespace Dbaas.Host.Tests.Store;

public sealed class StoreKeysTests
{
    private static readonly Gen<string> Cluster = Gen.String[
            Gen.OneOf(Gen.Char['a', 'z'], Gen.Char['0', '9'], Gen.Const('-'), Gen.Const('_')),
            1,
            20
        ]
        .Where(name => char.IsAsciiLetterOrDigit(name[0]) && name != "root");

    [Fact]
    public void Given_two_clusters_when_ranged_then_neither_prefix_reaches_into_the_other() =>
        Gen.Select(Cluster, Cluster, Gen.String)
            .Where((one, other, _) => one != other)
            .Sample(
                (one, other, key) =>
                    !InRange(StoreKeys.Prefix(one), StoreKeys.Prefix(other) + key)
                    && InRange(StoreKeys.Prefix(one), StoreKeys.Prefix(one) + key)
            );

    [Theory]
    [InlineData("root")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("../x")]
    [InlineData("A")]
    [InlineData("a\n")]
    public void Given_a_name_that_could_reach_further_when_used_then_it_is_refused(string name) =>
        Assert.Equal(
            "store.invalid_name",
            Assert.Throws<StoreException>(() => StoreKeys.Prefix(name)).Code
        );

    private static bool InRange(string prefix, string key)
    {
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(key);
        return bytes.SequenceCompareTo(Encoding.UTF8.GetBytes(prefix)) >= 0
            && bytes.SequenceCompareTo(StoreKeys.RangeEnd(prefix)) < 0;
    }
}
