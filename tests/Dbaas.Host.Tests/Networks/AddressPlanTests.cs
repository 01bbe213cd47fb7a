using System.Net;
using CsCheck;
using Dbaas.Host.Networks;

namespace Dbaas.Host.Tests.Networks;

public sealed class AddressPlanTests
{
    private static readonly IPAddress Range = IPAddress.Parse("10.201.0.0");

    [Fact]
    public void Given_any_taken_addresses_then_a_free_one_is_in_the_subnet_and_not_among_them() =>
        Gen.Select(Gen.Int[0, 254], Gen.Int[2, 253].HashSet[0, 200])
            .Sample(
                (subnet, used) =>
                {
                    var taken = used.Select(n => IPAddress.Parse($"10.201.{subnet}.{n}")).ToList();
                    var free = AddressPlan.FreeAddress(Range, subnet, taken);
                    Assert.DoesNotContain(free, taken);
                    Assert.NotEqual(AddressPlan.Gateway(Range, subnet), free);
                    Assert.StartsWith(
                        $"10.201.{subnet}.",
                        free.ToString(),
                        StringComparison.Ordinal
                    );
                }
            );

    [Fact]
    public void Given_all_subnets_taken_then_the_refusal_says_so_and_the_service_net_is_never_given()
    {
        var refusal = Assert.Throws<HostRefusal>(() =>
            AddressPlan.FreeSubnet(Enumerable.Range(0, 255))
        );
        Assert.Equal("network.subnets_exhausted", refusal.Code);
        Assert.Equal(254, AddressPlan.FreeSubnet(Enumerable.Range(0, 254)));
    }
}
