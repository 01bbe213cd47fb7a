using Dbaas.Control.Capacity;
using Dbaas.Control.Tests.Support;
using Dbaas.Protocol.Host;
using Npgsql;

namespace Dbaas.Control.Tests.Capacity;

/// <summary>Memory is never overcommitted, also not by two regions that live on one machine.</summary>
public sealed class SharedBoxTests(PostgresFixture postgres)
{
    private const long Gib = 1L << 30;
    private const string A = "host_a";
    private const string B = "host_b";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_two_hosts_on_one_box_then_what_one_promises_is_taken_from_both()
    {
        await using var metadata = await FilledAsync();
        var boxes = new HostBoxes(metadata.Platform);
        await boxes.RememberAsync([Facts(A, "box-1"), Facts(B, "box-1")], Token);
        Assert.Equal((5 * Gib, 30 * Gib), await TakenAsync(metadata, A));
        Assert.Equal((5 * Gib, 30 * Gib), await TakenAsync(metadata, B));
    }

    [Fact]
    public async Task Given_two_hosts_on_boxes_of_their_own_then_each_counts_its_own()
    {
        await using var metadata = await FilledAsync();
        Assert.Equal((2 * Gib, 10 * Gib), await TakenAsync(metadata, A)); // never asked: alone
        var boxes = new HostBoxes(metadata.Platform);
        await boxes.RememberAsync([Facts(A, "box-1"), Facts(B, "box-2")], Token);
        Assert.Equal((2 * Gib, 10 * Gib), await TakenAsync(metadata, A));
        Assert.Equal((3 * Gib, 20 * Gib), await TakenAsync(metadata, B));
    }

    [Fact]
    public async Task Given_a_box_that_was_booted_when_only_one_of_its_hosts_answers_then_both_still_count()
    {
        await using var metadata = await FilledAsync();
        await new HostBoxes(metadata.Platform).RememberAsync(
            [Facts(A, "boot-1"), Facts(B, "boot-1")],
            Token
        );
        var boxes = new HostBoxes(metadata.Platform);
        await boxes.RememberAsync([Facts(A, "boot-2")], Token);
        Assert.Equal((5 * Gib, 30 * Gib), await TakenAsync(metadata, A));
        await boxes.RememberAsync([Facts(B, "boot-2")], Token);
        Assert.Equal((5 * Gib, 30 * Gib), await TakenAsync(metadata, B));
    }

    private static HostFacts Facts(string host, string box) => new() { HostId = host, BoxId = box };

    private static async Task<(long Memory, long Storage)> TakenAsync(
        TestMetadata metadata,
        string host
    )
    {
        await using var transaction = await metadata.Platform.BeginAsync(Token);
        var taken = await CapacityLedger.TakenAsync(
            transaction,
            [new HostSize(host, default, true)],
            Token
        );
        return (taken[0].Taken.MemoryBytes, taken[0].Taken.StorageBytes);
    }

    private async Task<TestMetadata> FilledAsync()
    {
        var metadata = await TestMetadata.CreateAsync(postgres);
        await using var connection = new NpgsqlConnection(
            metadata.Server.ConnectionString("postgres", metadata.Database)
        );
        await connection.OpenAsync(Token);
        // Sizes are all that counts here, so rows stand without the instances they would belong to.
        await using var command = new NpgsqlCommand(
            """
            SET session_replication_role = replica;
            INSERT INTO host (host_id, region, address, state, endpoint_range, key_service_endpoint, enrolled_at)
            VALUES ('host_a', 'a', '127.0.0.1:1', 'online', '127.1.0.0/16', '', now()), ('host_b', 'b', '127.0.0.1:2', 'online', '127.2.0.0/16', '', now());
            INSERT INTO machine (machine_id, tenant_id, instance_id, member_id, region, driver, host_id, cpu, memory_bytes, state, created_at, deleted_at)
            VALUES ('m1', 't', 'i', 'm', 'a', 'host', 'host_a', 1, 2::bigint << 30, 'running', now(), NULL),
                   ('m2', 't', 'i', 'm', 'b', 'host', 'host_b', 1, 3::bigint << 30, 'running', now(), NULL),
                   ('m3', 't', 'i', 'm', 'b', 'host', 'host_b', 1, 7::bigint << 30, 'running', now(), now());
            INSERT INTO volume (volume_id, tenant_id, instance_id, member_id, region, host_id, size_bytes, state, created_at)
            VALUES ('v1', 't', 'i', 'm', 'a', 'host_a', 10::bigint << 30, 'open', now()), ('v2', 't', 'i', 'm', 'b', 'host_b', 20::bigint << 30, 'open', now());
            """,
            connection
        );
        await command.ExecuteNonQueryAsync(Token);
        return metadata;
    }
}
