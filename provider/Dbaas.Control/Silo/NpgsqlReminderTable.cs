using System.Globalization;
using Dbaas.Control.Metadata;
using Npgsql;

namespace Dbaas.Control.Silo;

/// <summary>Orleans reminders in the metadata database. Only sweepers have one each, so there are few.</summary>
internal sealed class NpgsqlReminderTable(MetadataConnections connections, string service)
    : IReminderTable
{
    private const string Columns = "grain_id, reminder_name, start_time, period, etag";

    public Task<ReminderTableData> ReadRows(GrainId grainId) =>
        ReadAsync(
            $"SELECT {Columns} FROM orleans_reminder WHERE service_id = $1 AND grain_id = $2",
            Text(grainId.ToString())
        );

    /// <summary>The ring's range (begin, end]; it may go round the end.</summary>
    public Task<ReminderTableData> ReadRows(uint begin, uint end) =>
        ReadAsync(
            begin < end
                ? $"SELECT {Columns} FROM orleans_reminder WHERE service_id = $1 AND grain_hash > $2 AND grain_hash <= $3"
                : $"SELECT {Columns} FROM orleans_reminder WHERE service_id = $1 AND (grain_hash > $2 OR grain_hash <= $3)",
            new NpgsqlParameter { Value = (long)begin },
            new NpgsqlParameter { Value = (long)end }
        );

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        var found = await ReadAsync(
            $"SELECT {Columns} FROM orleans_reminder WHERE service_id = $1 AND grain_id = $2 AND reminder_name = $3",
            Text(grainId.ToString()),
            Text(reminderName)
        );
        return found.Reminders.Count > 0 ? found.Reminders[0] : null;
    }

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        await using var connection = await connections.Platform.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO orleans_reminder (service_id, grain_id, reminder_name, grain_hash, start_time, period)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (service_id, grain_id, reminder_name) DO UPDATE
              SET start_time = excluded.start_time, period = excluded.period, grain_hash = excluded.grain_hash,
                etag = orleans_reminder.etag + 1
            RETURNING etag
            """,
            connection
        );
        command.Parameters.AddRange(
            (NpgsqlParameter[])
                [
                    Text(service),
                    Text(entry.GrainId.ToString()),
                    Text(entry.ReminderName),
                    new() { Value = (long)entry.GrainId.GetUniformHashCode() },
                    new() { Value = DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc) },
                    new() { Value = entry.Period },
                ]
        );
        return ((long)(await command.ExecuteScalarAsync())!).ToString(CultureInfo.InvariantCulture);
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        await using var connection = await connections.Platform.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            "DELETE FROM orleans_reminder WHERE service_id = $1 AND grain_id = $2 AND reminder_name = $3 AND etag = $4",
            connection
        );
        command.Parameters.AddRange(
            (NpgsqlParameter[])
                [
                    Text(service),
                    Text(grainId.ToString()),
                    Text(reminderName),
                    new() { Value = long.Parse(eTag, CultureInfo.InvariantCulture) },
                ]
        );
        return await command.ExecuteNonQueryAsync() == 1;
    }

    public async Task TestOnlyClearTable()
    {
        await using var connection = await connections.Platform.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            "DELETE FROM orleans_reminder WHERE service_id = $1",
            connection
        );
        command.Parameters.Add(Text(service));
        await command.ExecuteNonQueryAsync();
    }

    private async Task<ReminderTableData> ReadAsync(string sql, params NpgsqlParameter[] parameters)
    {
        await using var connection = await connections.Platform.OpenConnectionAsync();
#pragma warning disable CA2100 // the text is made of constants
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.Parameters.Add(Text(service));
        command.Parameters.AddRange(parameters);
        var entries = new List<ReminderEntry>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            entries.Add(
                new ReminderEntry
                {
                    GrainId = GrainId.Parse(reader.GetString(0), CultureInfo.InvariantCulture),
                    ReminderName = reader.GetString(1),
                    StartAt = reader.GetDateTime(2),
                    Period = reader.GetTimeSpan(3),
                    ETag = reader.GetInt64(4).ToString(CultureInfo.InvariantCulture),
                }
            );
        }

        return new ReminderTableData(entries);
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value };
}
