using System.Net;
using Dbaas.Control.Silo;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.Control.Tests.Silo;

/// <summary>What Orleans relies on: one winner a version, signs of life beside the version, and only the long dead are removed.</summary>
public sealed class MembershipTableTests(PostgresFixture postgres)
{
    private static readonly DateTime s_now = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Given_two_silos_that_join_at_one_version_then_one_wins_and_nothing_of_the_other_is_left()
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        var table = await TableAsync(metadata);
        var first = await table.ReadAll();
        Assert.Empty(first.Members);

        var answers = await Task.WhenAll(
            table.InsertRow(Entry(1), first.Version.Next()),
            table.InsertRow(Entry(2), first.Version.Next())
        );

        Assert.Single(answers, won => won);
        var after = await table.ReadAll();
        Assert.Single(after.Members);
        Assert.Equal(first.Version.Version + 1, after.Version.Version);
    }

    [Fact]
    public async Task Given_a_silo_that_is_in_the_table_then_it_is_not_inserted_again_and_the_version_stays()
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        var table = await TableAsync(metadata);
        Assert.True(await table.InsertRow(Entry(1), (await table.ReadAll()).Version.Next()));
        var before = await table.ReadAll();

        Assert.False(await table.InsertRow(Entry(1), before.Version.Next()));

        Assert.Equal(before.Version.Version, (await table.ReadAll()).Version.Version);
    }

    [Fact]
    public async Task Given_a_row_as_written_then_it_reads_the_same_with_its_suspicions()
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        var table = await TableAsync(metadata);
        var entry = Entry(1);
        entry.AddSuspector(Silo(2), s_now.AddSeconds(3));
        Assert.True(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));

        var read = (await table.ReadRow(entry.SiloAddress)).Members.Single().Item1;

        Assert.Equal(entry.SiloAddress, read.SiloAddress);
        Assert.Equal(entry.SiloName, read.SiloName);
        Assert.Equal(entry.HostName, read.HostName);
        Assert.Equal(entry.Status, read.Status);
        Assert.Equal(entry.StartTime, read.StartTime);
        Assert.Equal(entry.IAmAliveTime, read.IAmAliveTime);
        Assert.Equal(entry.SuspectTimes, read.SuspectTimes);
        Assert.Empty((await table.ReadRow(Silo(9))).Members);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Given_an_old_version_or_an_old_etag_then_an_update_changes_nothing(
        bool oldVersion,
        bool oldEtag
    )
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        var table = await TableAsync(metadata);
        var empty = await table.ReadAll();
        Assert.True(await table.InsertRow(Entry(1), empty.Version.Next()));
        var joined = await table.ReadAll();
        var entry = Entry(1);
        entry.Status = SiloStatus.Active;
        Assert.True(
            await table.UpdateRow(entry, joined.Members.Single().Item2, joined.Version.Next())
        );
        var active = await table.ReadAll();

        entry.Status = SiloStatus.Dead;
        var updated = await table.UpdateRow(
            entry,
            (oldEtag ? joined : active).Members.Single().Item2,
            (oldVersion ? joined : active).Version.Next()
        );

        Assert.False(updated);
        var after = await table.ReadAll();
        Assert.Equal(active.Version.Version, after.Version.Version);
        Assert.Equal(SiloStatus.Active, after.Members.Single().Item1.Status);
    }

    [Fact]
    public async Task Given_a_sign_of_life_then_neither_version_nor_etag_moves()
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        var table = await TableAsync(metadata);
        Assert.True(await table.InsertRow(Entry(1), (await table.ReadAll()).Version.Next()));
        var before = await table.ReadAll();
        var alive = Entry(1);
        alive.IAmAliveTime = s_now.AddMinutes(5);
        alive.Status = SiloStatus.Dead; // must not be written: only the time is

        await table.UpdateIAmAlive(alive);

        var after = await table.ReadAll();
        Assert.Equal(before.Version.VersionEtag, after.Version.VersionEtag);
        Assert.Equal(before.Members.Single().Item2, after.Members.Single().Item2);
        Assert.Equal(s_now.AddMinutes(5), after.Members.Single().Item1.IAmAliveTime);
        Assert.Equal(SiloStatus.Joining, after.Members.Single().Item1.Status);
    }

    [Fact]
    public async Task Given_the_living_the_lately_dead_and_the_long_dead_then_only_the_long_dead_are_removed()
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        var table = await TableAsync(metadata);
        var other = await TableAsync(metadata, "another");
        var longDead = Entry(1, SiloStatus.Dead, s_now.AddDays(-9));
        var alive = Entry(2, SiloStatus.Active, s_now.AddDays(-9));
        var lately = Entry(3, SiloStatus.Dead, s_now);
        var suspectedLately = Entry(4, SiloStatus.Dead, s_now.AddDays(-9));
        suspectedLately.AddSuspector(Silo(2), s_now);
        foreach (var entry in (MembershipEntry[])[longDead, alive, lately, suspectedLately])
        {
            Assert.True(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));
        }

        Assert.True(await other.InsertRow(longDead, (await other.ReadAll()).Version.Next()));

        await table.CleanupDefunctSiloEntries(s_now.AddDays(-7));

        var left = (await table.ReadAll())
            .Members.Select(member => member.Item1.SiloAddress)
            .ToHashSet();
        Assert.Equal([alive.SiloAddress, lately.SiloAddress, suspectedLately.SiloAddress], left);
        Assert.Single((await other.ReadAll()).Members); // another cluster's rows are not ours
        await table.DeleteMembershipTableEntries("dbaas");
        Assert.Empty((await table.ReadAll()).Members);
        Assert.Single((await other.ReadAll()).Members);
    }

    [Fact]
    public async Task Given_a_clock_set_back_when_a_silo_starts_then_its_own_life_of_the_future_is_forgotten_and_no_other()
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        var table = await TableAsync(metadata);
        var tomorrow = SiloAddress.AllocateNewGeneration() + 86_400;
        SiloAddress[] lives =
        [
            Silo(1),
            SiloAddress.New(Silo(1).Endpoint, tomorrow),
            SiloAddress.New(Silo(2).Endpoint, tomorrow),
        ];
        foreach (var life in lives)
        {
            var entry = Entry(1, SiloStatus.Active);
            entry.SiloAddress = life;
            Assert.True(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));
        }

        var before = await table.ReadAll();

        await table.InitializeMembershipTable(true);

        var after = await table.ReadAll();
        Assert.Equal(
            [lives[0], lives[2]],
            after.Members.Select(member => member.Item1.SiloAddress).ToHashSet()
        );
        Assert.Equal(before.Version.Version + 1, after.Version.Version);
    }

    private static async Task<NpgsqlMembershipTable> TableAsync(
        TestMetadata metadata,
        string cluster = "dbaas"
    )
    {
        var table = new NpgsqlMembershipTable(
            metadata.Connections,
            cluster,
            Silo(1).Endpoint,
            NullLogger<NpgsqlMembershipTable>.Instance
        );
        await table.InitializeMembershipTable(true);
        await table.InitializeMembershipTable(true); // every silo does it
        return table;
    }

    private static SiloAddress Silo(int number) =>
        SiloAddress.New(IPAddress.Loopback, 7_000 + number, number);

    private static MembershipEntry Entry(
        int number,
        SiloStatus status = SiloStatus.Joining,
        DateTime? seen = null
    ) =>
        new()
        {
            SiloAddress = Silo(number),
            SiloName = $"silo-{number}",
            HostName = "host",
            RoleName = "role",
            Status = status,
            ProxyPort = 0,
            StartTime = seen ?? s_now,
            IAmAliveTime = seen ?? s_now,
        };
}
