using Dbaas.Control.Tests.Support;
using Npgsql;

namespace Dbaas.Control.Tests.Metadata;

/// <summary>Promise 9: what is written in the audit trail stays.</summary>
public sealed class AuditTrailTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("UPDATE event SET message = 'nothing happened'")]
    [InlineData("DELETE FROM event")]
    [InlineData("TRUNCATE event")]
    public async Task Given_a_written_event_when_either_role_touches_it_then_it_is_refused(
        string sql
    )
    {
        var token = TestContext.Current.CancellationToken;
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        var tenant = await metadata.AddTenantAsync("acme");
        await using (var writing = await metadata.Tenants.BeginAsync(tenant, token))
        {
            await metadata.Events.AppendAsync(writing, new("test.happened", "something"), token);
            await writing.CommitAsync(token);
        }

        await using (var transaction = await metadata.Tenants.BeginAsync(tenant, token))
        {
            await using var command = transaction.Command(sql);
            var refused = await Assert.ThrowsAsync<PostgresException>(async () =>
                await command.ExecuteNonQueryAsync(token)
            );
            Assert.Equal("42501", refused.SqlState);
        }

        await using (var transaction = await metadata.Platform.BeginAsync(token))
        {
            await using var command = transaction.Command(sql);
            var refused = await Assert.ThrowsAsync<PostgresException>(async () =>
                await command.ExecuteNonQueryAsync(token)
            );
            Assert.Equal("42501", refused.SqlState);
        }
    }
}
