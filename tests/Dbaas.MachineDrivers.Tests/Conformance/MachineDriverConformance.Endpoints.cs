using Dbaas.Protocol.Host;

namespace Dbaas.MachineDrivers.Tests.Conformance;

/// <content>Endpoints and store users.</content>
public abstract partial class MachineDriverConformance
{
    [Fact]
    public async Task Given_an_endpoint_and_a_store_user_when_ensured_twice_and_removed_then_nothing_is_left()
    {
        var host = await HostAsync();
        var user = new EnsureStoreUserRequest
        {
            Owner = _owner,
            Cluster = _cluster,
            Password = "not-a-secret",
        };
        var access = await Driver.EnsureStoreUserAsync(host, user, Token);
        Assert.Equal(access, await Driver.EnsureStoreUserAsync(host, user, Token));
        Assert.Contains(_cluster, access.Prefix, StringComparison.Ordinal);
        Assert.NotEmpty(access.Endpoints);

        var set = new SetEndpointRequest
        {
            Owner = _owner,
            EndpointId = _endpoint,
            Address = Address,
            Port = 5432,
            AllowedCidrs = { "127.0.0.0/8" },
            Epoch = 2,
        };
        var status = await Driver.SetEndpointAsync(host, set, Token);
        Assert.Equal((Address, 5432, false), (status.Address, status.Port, status.Serving)); // no target, so it serves nobody
        Assert.Equal(status, await Driver.SetEndpointAsync(host, set, Token));
        var old = set.Clone();
        old.Epoch = 1;
        await IsStaleAsync(() => Driver.SetEndpointAsync(host, old, Token));

        var items = (await Driver.GetInventoryAsync(host, Token)).Items;
        Assert.Contains(
            items,
            item => item.Kind == "gateway-entry" && item.Owner?.InstanceId == _owner.InstanceId
        );
        Assert.Contains(
            items,
            item => item.Kind == "store-user" && item.Owner?.InstanceId == _owner.InstanceId
        );

        Assert.True(
            await Driver.RemoveEndpointAsync(
                host,
                new() { EndpointId = _endpoint, Epoch = 2 },
                Token
            )
        );
        Assert.False(
            await Driver.RemoveEndpointAsync(
                host,
                new() { EndpointId = _endpoint, Epoch = 2 },
                Token
            )
        );
        Assert.True(
            await Driver.RemoveStoreUserAsync(
                host,
                new() { Owner = _owner, Cluster = _cluster },
                Token
            )
        );
        Assert.False(
            await Driver.RemoveStoreUserAsync(
                host,
                new() { Owner = _owner, Cluster = _cluster },
                Token
            )
        );
        await NothingIsLeftAsync(host);
    }
}
