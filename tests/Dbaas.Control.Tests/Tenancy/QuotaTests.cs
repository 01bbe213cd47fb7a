using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Tenancy;

public sealed class QuotaTests(ControlFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_the_platform_administrator_then_a_quota_changes_for_all_to_see_and_is_audited()
    {
        var (owner, tenant, _) = await fixture.TenantAsync();
        var control = await fixture.StartedAsync();
        using var admin = control.Client(control.AdminKey);
        var quota = new
        {
            instances = 3,
            cpu = 1.5,
            memoryGib = 4.0,
            storageGib = 50,
        };

        var answer = await admin.PutAsJsonAsync($"/v1/tenants/{tenant}/quota", quota, Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var seen = JsonNode.Parse(await owner.GetStringAsync($"/v1/tenants/{tenant}", Token))![
            "quota"
        ]!;
        Assert.Equal(3, seen["instances"]!.GetValue<int>());
        Assert.Equal(1.5, seen["cpu"]!.GetValue<double>());
        Assert.Equal(50, seen["storageGib"]!.GetValue<int>());
        Assert.Contains(
            tenant,
            await owner.GetStringAsync("/v1/audit-events?kind=tenant.quota.changed", Token),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Given_an_owner_then_his_quota_is_not_his_to_change()
    {
        var (owner, tenant, _) = await fixture.TenantAsync();
        var answer = await owner.PutAsJsonAsync(
            $"/v1/tenants/{tenant}/quota",
            new
            {
                instances = 1_000,
                cpu = 1_000,
                memoryGib = 1_000,
                storageGib = 1_000,
            },
            Token
        );
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Given_a_negative_amount_or_no_tenant_then_it_is_refused()
    {
        var (_, tenant, _) = await fixture.TenantAsync();
        var control = await fixture.StartedAsync();
        using var admin = control.Client(control.AdminKey);
        var negative = await admin.PutAsJsonAsync(
            $"/v1/tenants/{tenant}/quota",
            new
            {
                instances = -1,
                cpu = 1,
                memoryGib = 1,
                storageGib = 1,
            },
            Token
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, negative.StatusCode);
        var nobody = await admin.PutAsJsonAsync(
            "/v1/tenants/nobody/quota",
            new
            {
                instances = 1,
                cpu = 1,
                memoryGib = 1,
                storageGib = 1,
            },
            Token
        );
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
    }
}
