using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.Operations;

/// <summary>One operation as stored. The claim columns change without the version, so that renewing a claim never loses a race.</summary>
internal sealed class OperationRow : IVersioned
{
    public required OperationId OperationId { get; init; }
    public required TenantId TenantId { get; init; }
    public required string Kind { get; init; }
    public required string ResourceId { get; init; }
    public required string ResourceName { get; set; }

    /// <summary>See <see cref="OperationStates"/>.</summary>
    public required string State { get; set; }
    public required int PayloadVersion { get; set; }

    /// <summary>What was asked; never changes.</summary>
    public required JsonNode Arguments { get; init; }

    /// <summary>What the steps have learned.</summary>
    public required JsonNode Memory { get; set; }

    /// <summary>do or undo.</summary>
    public string Direction { get; set; } = OperationStates.Do;

    /// <summary>The step under way; counts down while undoing, -1 when all is taken back.</summary>
    public int StepCursor { get; set; }
    public string CurrentStep { get; set; } = "";

    /// <summary>Of the step under way, in its direction.</summary>
    public int Attempts { get; set; }
    public int ProgressPercent { get; set; }
    public DateTimeOffset? CancelRequestedAt { get; set; }
    public DateTimeOffset? NextAttemptAt { get; set; }
    public DateTimeOffset? DeadlineAt { get; set; }

    /// <summary>A <see cref="Dbaas.Client.Operations.ProblemBody"/>; set when the operation turns back or fails.</summary>
    public JsonNode? Error { get; set; }
    public bool Adopted { get; set; }
    public required string RequestedBy { get; init; }
    public string ClientKind { get; init; } = "";
    public string RequestId { get; init; } = "";

    /// <summary>Silo and process that work on it; empty when none does.</summary>
    public string ClaimedBy { get; set; } = "";
    public DateTimeOffset? ClaimExpiresAt { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public long Version { get; set; } = 1;

    internal sealed class Configuration : IEntityTypeConfiguration<OperationRow>
    {
        public void Configure(EntityTypeBuilder<OperationRow> builder)
        {
            builder.ToTable("operation").HasKey(row => row.OperationId);
            // Claims change without the version. A silo that was frozen until another one took its operation must not save over it.
            builder.Property(row => row.ClaimedBy).IsConcurrencyToken();
        }
    }
}
