using Amazon.KeyManagementService.Model;
using Dbaas.Control.Ids;
using Dbaas.Control.Keys;
using Dbaas.Control.Metadata;
using Dbaas.Control.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Keys;

/// <summary>The sweep serves every tenant, whatever another has called its keys, and ends what lasts too long.</summary>
public sealed class KeySweepTests(ControlFixture fixture) : IAsyncLifetime
{
    private RunningControl _control = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _control = await fixture.StartedAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Given_a_tenant_that_has_the_name_of_a_default_key_when_keys_are_made_then_it_and_all_others_get_one()
    {
        // As before such names were reserved: another key has the name that its default key would get.
        var first = await TenantAsync(InstanceApi.Name(), "default-" + RunningControl.Region);
        var second = await TenantAsync(InstanceApi.Name());

        await _control.Services.GetRequiredService<KeySweep>().SweepAsync(Token);

        Assert.StartsWith(
            $"default-{RunningControl.Region}-",
            (await DefaultAsync(first))!.Alias,
            StringComparison.Ordinal
        );
        Assert.Equal("default-" + RunningControl.Region, (await DefaultAsync(second))!.Alias);
    }

    [Fact]
    public async Task Given_the_name_of_a_default_key_when_it_is_registered_then_it_is_refused()
    {
        var (owner, _, _) = await fixture.TenantAsync();
        using var api = new InstanceApi(owner, "run-1");

        var refused = await api.PostAsync(
            "/keys",
            new System.Text.Json.Nodes.JsonObject
            {
                ["alias"] = "default-elsewhere",
                ["region"] = RunningControl.Region,
            }
        );

        Assert.Equal("key.alias_invalid", refused.Text("code"));
        Assert.Contains("default-", refused.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_grant_that_nobody_ended_when_it_is_too_old_to_be_in_use_then_it_is_retired_and_a_new_one_is_not()
    {
        var tenant = await TenantAsync(InstanceApi.Name());
        await _control.Services.GetRequiredService<KeySweep>().SweepAsync(Token);
        var key = (await DefaultAsync(tenant))!;
        var keys = _control.Services.GetRequiredService<IDataKeys>();
        var wrapped = await keys.EnsureAsync(
            new(tenant, key.KeyId, TypedId.New<InstanceId>(TimeProvider.System), "vol_a", "volume"),
            Token
        );
        var granted = await keys.GrantAsync(tenant, wrapped.Value!.WrappedKeyId, Token);
        Assert.Null(granted.Problem);

        await Grants(TimeProvider.System).RetireStaleAsync(key, Token);
        Assert.Contains(granted.Value!.GrantId, await GrantsOfAsync(key));

        await Grants(new Later(TimeSpan.FromMinutes(11))).RetireStaleAsync(key, Token);
        Assert.Empty(await GrantsOfAsync(key));
    }

    [Fact]
    public void Given_a_region_when_it_was_looked_at_then_it_is_due_again_after_an_hour()
    {
        var grants = Grants(TimeProvider.System);
        Assert.True(grants.IsDue("local-a"));
        Assert.False(grants.IsDue("local-a"));
        Assert.True(grants.IsDue("local-b"));
    }

    private StaleGrants Grants(TimeProvider time) =>
        ActivatorUtilities.CreateInstance<StaleGrants>(_control.Services, time);

    private async Task<IReadOnlyList<string>> GrantsOfAsync(CustomerKeyRow key) =>
        [
            .. (
                await _control
                    .Services.GetRequiredService<IKeyServices>()
                    .Of(key.Region)
                    .ListGrantsAsync(new ListGrantsRequest { KeyId = key.Arn }, Token)
            ).Grants?.Select(grant => grant.GrantId) ?? [],
        ];

    /// <param name="name">Of the tenant.</param>
    /// <param name="alias">Of a key that it has from the first moment, as the sweep goes on beside the test; null for none.</param>
    private async Task<TenantId> TenantAsync(string name, string? alias = null)
    {
        var id = TypedId.New<TenantId>(TimeProvider.System);
        await using var transaction = await PlatformAsync();
        await using var command = transaction.Command(
            "INSERT INTO tenant (tenant_id, name, created_at) VALUES ($1, $2, now())",
            new Npgsql.NpgsqlParameter { Value = id.ToString() },
            new Npgsql.NpgsqlParameter { Value = name }
        );
        await command.ExecuteNonQueryAsync(Token);
        if (alias is not null)
        {
            transaction.Db.Add(
                new CustomerKeyRow
                {
                    KeyId = TypedId.New<KeyId>(TimeProvider.System),
                    TenantId = id,
                    Alias = alias,
                    Arn = $"arn:aws:kms:{RunningControl.Region}:000000000000:key/{Guid.NewGuid()}",
                    Endpoint = _control.KmsAddress,
                    Region = RunningControl.Region,
                    IsDefault = false,
                    State = "enabled",
                    CreatedAt = DateTimeOffset.UtcNow,
                }
            );
        }

        await transaction.CommitAsync(Token);
        return id;
    }

    private async Task<CustomerKeyRow?> DefaultAsync(TenantId tenant)
    {
        await using var transaction = await PlatformAsync();
        return await transaction
            .Db.Set<CustomerKeyRow>()
            .AsNoTracking()
            .SingleOrDefaultAsync(key => key.TenantId == tenant && key.IsDefault, Token);
    }

    private Task<PlatformTransaction> PlatformAsync() =>
        _control.Services.GetRequiredService<IPlatformTransactions>().BeginAsync(Token);

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
