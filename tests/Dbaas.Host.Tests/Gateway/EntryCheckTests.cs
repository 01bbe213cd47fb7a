using Dbaas.Host.Gateway;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Tests.Gateway;

public sealed class EntryCheckTests
{
    [Theory]
    [InlineData("10.0.0.1/8")]
    [InlineData("300.1.1.1/32")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/8\nbind :1")]
    [InlineData("")]
    public void Given_a_malformed_cidr_when_checked_then_it_is_refused_and_shown(string cidr)
    {
        var request = Request();
        request.AllowedCidrs.Add(cidr);

        var problem = Assert.Throws<GatewayException>(() => EntryCheck.Accept(request, []));

        Assert.Equal("gateway.invalid", problem.Code);
        Assert.Contains(cidr, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_single_addresses_and_repeats_when_checked_then_the_list_is_normal()
    {
        var request = Request();
        request.AllowedCidrs.AddRange(["10.1.2.3", "10.0.0.0/8", "10.1.2.3/32", "::1"]);

        Assert.Equal(
            ["10.0.0.0/8", "10.1.2.3/32", "::1/128"],
            EntryCheck.Accept(request, []).AllowedCidrs
        );
    }

    [Theory]
    [InlineData("ep_1\n", "127.0.0.2", 5432, "/primary")]
    [InlineData("ep 1", "127.0.0.2", 5432, "/primary")]
    [InlineData("ep_1", "localhost", 5432, "/primary")]
    [InlineData("ep_1", "127.0.0.2", 80, "/primary")]
    [InlineData("ep_1", "127.0.0.2", 5432, "/a b")]
    public void Given_a_value_that_would_break_the_configuration_when_checked_then_it_is_refused(
        string id,
        string address,
        int port,
        string path
    )
    {
        var request = Request();
        (request.EndpointId, request.Address, request.Port) = (id, address, port);
        request.Targets[0].CheckPath = path;

        Assert.Throws<GatewayException>(() => EntryCheck.Accept(request, []));
    }

    [Fact]
    public void Given_an_address_of_another_entry_when_checked_then_its_owner_is_named()
    {
        var other = EntryCheck.Accept(Request(), []);
        var request = Request();
        request.EndpointId = "ep_2";

        var problem = Assert.Throws<GatewayException>(() => EntryCheck.Accept(request, [other]));

        Assert.Contains("ep_1", problem.Message, StringComparison.Ordinal);
        EntryCheck.Accept(request, [other with { Removed = true }]);
    }

    [Fact]
    public void Given_statistics_when_read_then_only_a_checked_server_counts_as_serving()
    {
        const string csv = """
            # pxname,svname,scur,status,type,check_status
            ep,FRONTEND,3,OPEN,0,
            ep,s1,3,UP,2,INI
            ep,s2,0,UP 1/2,2,* L7OK
            ep,s3,0,MAINT,2,
            """;

        var rows = HaproxyStatistics.Parse(csv, "ep");

        Assert.Equal([false, false, true, false], rows.Select(row => row.PassedCheck));
        Assert.Equal(3, rows.Where(row => row.IsFrontend).Sum(row => row.Connections));
    }

    private static SetEndpointRequest Request() =>
        new()
        {
            EndpointId = "ep_1",
            Address = "127.0.0.2",
            Port = 5432,
            Targets =
            {
                new EndpointTarget
                {
                    Address = "10.0.0.2",
                    Port = 5432,
                    CheckPort = 8008,
                    CheckPath = "/primary",
                },
            },
        };
}
