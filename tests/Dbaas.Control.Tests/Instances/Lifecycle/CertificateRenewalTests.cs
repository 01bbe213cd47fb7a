using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>Certificates are renewed after two thirds of their life, without anybody changing the instance.</summary>
public sealed class CertificateRenewalTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("endpoint")]
    [InlineData("member")]
    public async Task Given_a_certificate_past_two_thirds_of_its_life_when_swept_then_it_is_renewed_once(
        string kind
    )
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        var renewal = stepped.Services.GetRequiredService<CertificateRenewal>();
        Assert.Equal(0, await renewal.SweepAsync(Token));

        await AgeAsync(id, kind, days: 480);
        Assert.Equal(0, await renewal.SweepAsync(Token));
        await AgeAsync(id, kind, days: 10);
        Assert.Equal(1, await renewal.SweepAsync(Token));
        Assert.Equal(0, await renewal.SweepAsync(Token));

        var newest = (await stepped.Api.GetAsync($"/operations?resource={id}&limit=1")).Body![
            "items"
        ]![0]!;
        var renewed = await stepped.RunAsync(
            OperationId.Parse(newest["id"]!.GetValue<string>(), null)
        );
        Assert.Equal(OperationStates.Succeeded, renewed.State);
        Assert.Equal(2, await CertificatesAsync(id, kind));
        Assert.Equal(
            1,
            await InstanceRemains.EventsAsync(stepped.Services, "instance.certificates.due", id)
        );
        await InstanceBooks.BalanceAsync(stepped, id, "a renewal");
        Assert.Equal(0, await renewal.SweepAsync(Token));
    }

    private Task AgeAsync(string id, string kind, int days) =>
        stepped.ExecuteAsync(
            """
            UPDATE certificate SET not_before = not_before - make_interval(days => $3), not_after = not_after - make_interval(days => $3)
            WHERE kind = $2 AND owner_id IN (SELECT $1 UNION ALL SELECT member_id FROM member WHERE instance_id = $1)
            """,
            id,
            kind,
            days
        );

    private Task<long> CertificatesAsync(string id, string kind) =>
        InstanceRemains.CountAsync(
            stepped.Services,
            $"""
            SELECT count(*) FROM certificate WHERE kind = '{kind}'
              AND owner_id IN (SELECT $1 UNION ALL SELECT member_id FROM member WHERE instance_id = $1)
            """,
            id
        );
}
