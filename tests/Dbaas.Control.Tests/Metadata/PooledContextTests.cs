using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Dbaas.Control.Tenancy;
using Dbaas.Control.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Tests.Metadata;

/// <summary>A context that was given back may be another tenant's next.</summary>
public sealed class PooledContextTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestMetadata _metadata = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _metadata = await TestMetadata.CreateAsync(postgres);

    public async ValueTask DisposeAsync() => await _metadata.DisposeAsync();

    [Fact]
    public async Task Given_a_transaction_disposed_twice_when_others_hold_contexts_then_none_shares_or_loses_its_own()
    {
        var first = await _metadata.AddTenantAsync("one");
        var second = await _metadata.AddTenantAsync("two");
        var ended = await _metadata.Tenants.BeginAsync(first, Token);
        Assert.NotEmpty(await ended.Db.Set<TenantRow>().ToListAsync(Token));
        await ended.DisposeAsync();

        await using var next = await _metadata.Tenants.BeginAsync(second, Token);
        await ended.DisposeAsync();
        await using var another = await BesideAsync(first);

        Assert.Empty(next.Db.ChangeTracker.Entries());
        Assert.NotSame(next.Db, another.Db);
        Assert.All(
            await next.Db.Set<TenantRow>().ToListAsync(Token),
            row => Assert.Equal(second, row.TenantId)
        );
    }

    /// <summary>As another request would: this one holds a connection already.</summary>
    private Task<TenantTransaction> BesideAsync(TenantId tenant)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(() => _metadata.Tenants.BeginAsync(tenant, Token));
        }
    }
}
