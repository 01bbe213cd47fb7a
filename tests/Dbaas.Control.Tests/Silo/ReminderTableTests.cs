using Dbaas.Control.Silo;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Silo;

/// <summary>Sweepers come back by these rows after a silo died.</summary>
public sealed class ReminderTableTests(PostgresFixture postgres)
{
    private static readonly DateTime s_start = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Given_a_reminder_when_it_is_written_again_then_it_changes_in_place_and_the_etag_rises()
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        var table = new NpgsqlReminderTable(metadata.Connections, "dbaas");
        var entry = Entry("a");

        var first = await table.UpsertRow(entry);
        entry.Period = TimeSpan.FromMinutes(5);
        var second = await table.UpsertRow(entry);

        Assert.NotEqual(first, second);
        var read = await table.ReadRow(entry.GrainId, entry.ReminderName);
        Assert.NotNull(read);
        Assert.Equal(second, read.ETag);
        Assert.Equal(TimeSpan.FromMinutes(5), read.Period);
        Assert.Equal(s_start, read.StartAt);
        Assert.Equal(entry.GrainId, read.GrainId);
        Assert.Single((await table.ReadRows(entry.GrainId)).Reminders);
    }

    [Fact]
    public async Task Given_an_old_etag_then_nothing_is_removed_and_with_the_right_one_it_is_gone()
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        var table = new NpgsqlReminderTable(metadata.Connections, "dbaas");
        var entry = Entry("a");
        var first = (await table.UpsertRow(entry))!;
        var second = (await table.UpsertRow(entry))!;

        Assert.False(await table.RemoveRow(entry.GrainId, entry.ReminderName, first));
        Assert.NotNull(await table.ReadRow(entry.GrainId, entry.ReminderName));
        Assert.True(await table.RemoveRow(entry.GrainId, entry.ReminderName, second));
        Assert.False(await table.RemoveRow(entry.GrainId, entry.ReminderName, second));
        Assert.Null(await table.ReadRow(entry.GrainId, entry.ReminderName));
    }

    [Fact]
    public async Task Given_a_range_of_the_ring_then_it_is_open_below_closed_above_and_may_go_round_the_end()
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        var table = new NpgsqlReminderTable(metadata.Connections, "dbaas");
        var entries = Enumerable
            .Range(0, 8)
            .Select(number => Entry($"g{number}"))
            .OrderBy(Hash)
            .ToArray();
        foreach (var entry in entries)
        {
            await table.UpsertRow(entry);
        }

        var (low, high) = (Hash(entries[2]), Hash(entries[5]));

        Assert.Equal(Ids(entries[3..6]), Ids((await table.ReadRows(low, high)).Reminders));
        Assert.Equal(
            Ids([.. entries[..3], .. entries[6..]]),
            Ids((await table.ReadRows(high, low)).Reminders)
        );
        Assert.Equal(8, (await table.ReadRows(low, low)).Reminders.Count); // the whole ring

        // Another service on the same database sees none of them.
        var other = new NpgsqlReminderTable(metadata.Connections, "another");
        Assert.Empty((await other.ReadRows(0, 0)).Reminders);
        await other.TestOnlyClearTable();
        Assert.Equal(8, (await table.ReadRows(0, 0)).Reminders.Count);
    }

    private static uint Hash(ReminderEntry entry) => entry.GrainId.GetUniformHashCode();

    private static HashSet<string> Ids(IEnumerable<ReminderEntry> entries) =>
        [.. entries.Select(entry => entry.GrainId.ToString())];

    private static ReminderEntry Entry(string grain) =>
        new()
        {
            GrainId = GrainId.Create("sweeper", grain),
            ReminderName = "sweep",
            StartAt = s_start,
            Period = TimeSpan.FromMinutes(1),
        };
}
