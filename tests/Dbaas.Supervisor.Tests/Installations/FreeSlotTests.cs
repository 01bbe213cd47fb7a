using Dbaas.Supervisor.Installations;

namespace Dbaas.Supervisor.Tests.Installations;

public sealed class FreeSlotTests
{
    [Fact]
    public void Given_an_installation_in_the_first_slot_when_another_looks_then_only_later_slots_are_free()
    {
        var first = new Slot(0).Describe("/images", null, null);

        Assert.False(FreeSlot.IsFree(new(0), [first]));
        Assert.True(FreeSlot.IsFree(new(1), [first]));
    }

    [Fact]
    public void Given_an_installation_with_chosen_ports_when_another_looks_then_a_slot_whose_ports_meet_them_is_not_free()
    {
        var other = new Slot(5).Describe("/images", portBase: 7550, uidBase: null);

        Assert.False(FreeSlot.IsFree(new(1), [other]));
    }

    [Fact]
    public void Given_all_slots_when_they_are_compared_then_no_two_share_a_port_a_uid_or_a_range()
    {
        var all = Enumerable
            .Range(0, Slot.Count)
            .Select(number => new Slot(number).Describe("/images", null, null))
            .ToList();

        var ports = all.SelectMany(one => Slot.PortOffsets.Select(offset => one.PortBase + offset))
            .ToList();
        var machines = all.SelectMany(one => one.Regions.Select(region => region.MachineRange))
            .ToList();
        var endpoints = all.SelectMany(one => one.Regions.Select(region => region.EndpointRange))
            .ToList();
        Assert.Equal(ports.Count, ports.Distinct().Count());
        Assert.Equal(machines.Count, machines.Distinct().Count());
        Assert.Equal(endpoints.Count, endpoints.Distinct().Count());
        Assert.Equal(Slot.Count, all.Select(one => one.UidBase).Distinct().Count());
        Assert.All(
            machines.Concat(endpoints),
            range => Assert.True(System.Net.IPNetwork.TryParse(range, out _), range)
        );
    }

    [Fact]
    public void Given_the_defaults_when_the_first_installation_is_described_then_they_are_the_documented_ones()
    {
        var first = new Slot(0).Describe("/images", null, null);

        Assert.Equal(7443, first.ControlPort);
        Assert.Equal(640_000, first.UidBase);
        Assert.Equal(
            ["10.201.0.0/16", "10.202.0.0/16"],
            first.Regions.Select(region => region.MachineRange)
        );
        Assert.Equal(
            ["127.101.0.0/16", "127.102.0.0/16"],
            first.Regions.Select(region => region.EndpointRange)
        );
        Assert.Equal("10.201.255.1", first.Regions[0].ServiceAddress);
    }
}
