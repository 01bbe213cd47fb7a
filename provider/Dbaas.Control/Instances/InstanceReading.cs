using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;

namespace Dbaas.Control.Instances;

/// <summary>What users see of an instance's own row.</summary>
internal sealed record InstanceReading(
    string Id,
    string Name,
    string Engine,
    string Region,
    InstanceSpec Spec,
    string Status,
    string StatusReason,
    bool ShouldRun,
    string ActualVersion,
    int ActualStorageGib,
    IReadOnlyList<PendingChange> Pending,
    bool Acknowledged,
    string? OperationId,
    DateTimeOffset CreatedAt,
    long Version
)
{
    private const string Columns =
        "instance_id, name, engine, region, desired, status, status_reason, should_run, actual_version, actual_storage_gib, "
        + "pending_changes, acknowledged, operation_id, created_at, version";

    public static NpgsqlBatchCommand Query(InstanceSelection instances) =>
        instances.Query(instances.Rows(Columns));

    /// <summary>The answer to <see cref="Query"/>, in its order.</summary>
    public static async Task<IReadOnlyList<InstanceReading>> ReadAsync(
        NpgsqlDataReader reader,
        CancellationToken cancellationToken
    )
    {
        List<InstanceReading> read = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            read.Add(
                new InstanceReading(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetString(2),
                    reader.GetString(3),
                    Json(reader, 4, InstanceJson.Default.InstanceSpec),
                    reader.GetString(5),
                    reader.GetString(6),
                    reader.GetBoolean(7),
                    reader.GetString(8),
                    reader.GetInt32(9),
                    Json(reader, 10, InstanceJson.Default.IReadOnlyListPendingChange),
                    reader.GetBoolean(11),
                    await reader.IsDBNullAsync(12, cancellationToken) ? null : reader.GetString(12),
                    reader.GetFieldValue<DateTimeOffset>(13),
                    reader.GetInt64(14)
                )
            );
        }

        return read;
    }

    private static T Json<T>(NpgsqlDataReader reader, int column, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(reader.GetFieldValue<byte[]>(column), type)!;
}
