using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Machines;
using Dbaas.Control.Tests.Support;
using Dbaas.Protocol.Host;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Hosts;

/// <summary>
/// What lies on hosts and whose it is. With a service of its own: the shared one has hosts enrolled that do not answer, and a list that
/// lacks a host is refused.
/// </summary>
public sealed class HostInventoryTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_things_on_a_host_then_those_that_belong_to_nobody_are_orphans()
    {
        await using var control = await RunningControl.StartAsync(await postgres.ServerAsync());
        using var admin = control.Client(control.AdminKey);
        var host = Assert.Single(
            JsonNode.Parse(await admin.GetStringAsync("/v1/hosts", Token))!["items"]!.AsArray()
        )!;
        Assert.Equal("online", host["state"]!.GetValue<string>());
        Assert.Equal(RunningControl.Region, host["region"]!.GetValue<string>());
        Assert.Empty(Items(await admin.GetStringAsync("/v1/hosts/inventory", Token)));

        var id = host["id"]!.GetValue<string>();
        var tenants = JsonNode.Parse(await admin.GetStringAsync("/v1/tenants", Token))![
            "items"
        ]!.AsArray();
        var tenant = tenants[0]!["id"]!.GetValue<string>();
        await PutVolumeAsync(control, id, "vol-network", new Owner { TenantId = tenant });
        await PutVolumeAsync(
            control,
            id,
            "vol-lost",
            new Owner
            {
                TenantId = tenant,
                InstanceId = TypedId.New<InstanceId>(TimeProvider.System).ToString(),
            }
        );

        var all = Items(await admin.GetStringAsync("/v1/hosts/inventory", Token));
        Assert.Equal(
            ["vol-lost", "vol-network"],
            all.Select(item => item["name"]!.GetValue<string>())
        );
        var orphan = Assert.Single(
            Items(await admin.GetStringAsync("/v1/hosts/inventory?orphans=true", Token))
        );
        Assert.Equal("vol-lost", orphan["name"]!.GetValue<string>());
        Assert.Equal("volume", orphan["kind"]!.GetValue<string>());
        Assert.True(orphan["orphan"]!.GetValue<bool>());

        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await admin.GetAsync("/v1/hosts/inventory?orphans=perhaps", Token)).StatusCode
        );
    }

    private static Task<VolumeStatus> PutVolumeAsync(
        RunningControl control,
        string host,
        string id,
        Owner owner
    ) =>
        control
            .Services.GetRequiredService<MachineDrivers>()
            .For(RunningControl.Region)
            .CreateVolumeAsync(
                host,
                new CreateVolumeRequest
                {
                    VolumeId = id,
                    Owner = owner,
                    SizeBytes = 1L << 30,
                    Epoch = 1,
                },
                Token
            );

    private static List<JsonNode> Items(string answer) =>
        [.. JsonNode.Parse(answer)!["items"]!.AsArray().Select(item => item!)];
}
