using Dbaas.Control.Metadata;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Metadata;

/// <summary>Who holds a connection asks for no other of its pool, nor a host for anything.</summary>
public sealed class ConnectionHoldTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_an_open_transaction_when_another_of_its_role_is_begun_then_it_is_refused()
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        var tenant = await metadata.AddTenantAsync("held");
        await using (var platform = await metadata.Platform.BeginAsync(Token))
        {
            await Refused(() => metadata.Platform.BeginAsync(Token));
            await Refused(() => metadata.Platform.BeginSnapshotAsync(Token));
            await using var other = await metadata.Tenants.BeginAsync(tenant, Token);
            await Refused(() => metadata.Tenants.BeginAsync(tenant, Token));
            await Refused(() => metadata.Tenants.ReadAsync(tenant, [], Token));
            // Also by somebody who is called.
            await Refused(() => InnerAsync(metadata));
        }

        await using var afterwards = await metadata.Platform.BeginAsync(Token);
    }

    [Fact]
    public async Task Given_transactions_beside_each_other_when_each_has_a_flow_of_its_own_then_none_is_refused()
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => InnerAsync(metadata)));
    }

    [Fact]
    public async Task Given_a_transaction_that_could_not_begin_when_the_next_is_begun_then_nothing_is_held()
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        var tenant = await metadata.AddTenantAsync("held");
        var gone = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            metadata.Platform.BeginAsync(gone)
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            metadata.Tenants.BeginAsync(tenant, gone)
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            metadata.Tenants.ReadAsync(tenant, [], gone)
        );

        ConnectionHold.MustBeNone("The test ends");
        await InnerAsync(metadata);
    }

    [Fact]
    public async Task Given_an_open_transaction_when_a_host_is_asked_then_it_is_refused()
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        await using var platform = await metadata.Platform.BeginAsync(Token);

        var refused = Assert.Throws<InvalidOperationException>(() =>
            ConnectionHold.MustBeNone("A host is asked")
        );
        Assert.Contains(MetadataOptions.PlatformRole, refused.Message, StringComparison.Ordinal);
    }

    private static async Task InnerAsync(TestMetadata metadata)
    {
        await Task.Yield();
        await using var transaction = await metadata.Platform.BeginAsync(Token);
        await Task.Delay(10, Token);
    }

    private static async Task Refused(Func<Task> begin) =>
        await Assert.ThrowsAsync<InvalidOperationException>(begin);
}
