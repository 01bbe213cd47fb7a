using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.Instances.Rows;

/// <summary>One instance as stored. <see cref="Version"/> is its ETag.</summary>
internal sealed class InstanceRow : IVersioned
{
    public required InstanceId InstanceId { get; init; }
    public required TenantId TenantId { get; init; }
    public required string Name { get; set; }
    public required string Engine { get; init; }
    public required string Region { get; init; }
    public required KeyId KeyId { get; set; }

    /// <summary>Patroni's scope and the store's prefix; never changes.</summary>
    public required string Cluster { get; init; }

    /// <summary>An <see cref="InstanceSpec"/>; go through <see cref="Spec"/>.</summary>
    public required JsonNode Desired { get; set; }

    /// <summary>The last <see cref="InstanceSpec"/> that was desired and arrived in whole; go through <see cref="Arrived"/>.</summary>
    public JsonNode? ArrivedSpec { get; set; }

    /// <summary>Rises with each change of what is desired.</summary>
    public long Generation { get; set; } = 1;

    /// <summary>The generation that has arrived at the members.</summary>
    public long AppliedGeneration { get; set; }

    /// <summary>Rises with each operation; hosts refuse calls with a lower one.</summary>
    public long Epoch { get; set; } = 1;
    public required string Status { get; set; }
    public string StatusReason { get; set; } = "";

    /// <summary>Whether the user wants it to run; the reconciler starts what should and does not.</summary>
    public bool ShouldRun { get; set; } = true;
    public string ActualVersion { get; set; } = "";
    public int ActualStorageGib { get; set; }

    /// <summary>A list of <see cref="PendingChange"/>.</summary>
    public required JsonNode PendingChanges { get; set; }
    public string ImageId { get; set; } = "";

    /// <summary>Whether the provider that created it has confirmed that it knows it (promise 3).</summary>
    public bool Acknowledged { get; set; }

    /// <summary>Principal that created it.</summary>
    public required string CreatedBy { get; init; }
    public string ClientKind { get; init; } = "";

    /// <summary>The operation under way; null when none. Exclusive: whoever sets it owns the instance until it is null again.</summary>
    public string? OperationId { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }
    public DateTimeOffset? DeletedAt { get; set; }
    public long Version { get; set; } = 1;

    /// <summary>What is desired.</summary>
    public InstanceSpec Spec
    {
        get => Desired.Deserialize(InstanceJson.Default.InstanceSpec)!;
        set => Desired = JsonSerializer.SerializeToNode(value, InstanceJson.Default.InstanceSpec)!;
    }

    /// <summary>
    /// The last specification with which the engine ran and nothing waited: what a change that waited for its window goes back to. Null
    /// until there was one.
    /// </summary>
    public InstanceSpec? Arrived
    {
        get => ArrivedSpec?.Deserialize(InstanceJson.Default.InstanceSpec);
        set =>
            ArrivedSpec = value is null
                ? null
                : JsonSerializer.SerializeToNode(value, InstanceJson.Default.InstanceSpec);
    }

    /// <summary>A wish without what still waits in it: all that the engine is known to run with.</summary>
    public InstanceSpec WithoutPending(InstanceSpec wanted) =>
        Arrived is { } arrived && Pending.Count > 0
            ? wanted with
            {
                EngineVersion = arrived.EngineVersion,
                Cpu = arrived.Cpu,
                MemoryGib = arrived.MemoryGib,
                // A volume that has grown stays so.
                StorageGib = Math.Max(arrived.StorageGib, ActualStorageGib),
                Parameters = arrived.Parameters,
            }
            : wanted;

    public IReadOnlyList<PendingChange> Pending
    {
        get => PendingChanges.Deserialize(InstanceJson.Default.IReadOnlyListPendingChange) ?? [];
        set =>
            PendingChanges = JsonSerializer.SerializeToNode(
                value,
                InstanceJson.Default.IReadOnlyListPendingChange
            )!;
    }

    internal sealed class Configuration : IEntityTypeConfiguration<InstanceRow>
    {
        public void Configure(EntityTypeBuilder<InstanceRow> builder)
        {
            builder.ToTable("instance").HasKey(row => row.InstanceId);
            builder.Ignore(row => row.Spec).Ignore(row => row.Arrived).Ignore(row => row.Pending);
        }
    }
}
