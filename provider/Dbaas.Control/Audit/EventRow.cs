using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.Audit;

/// <summary>One row of the event table. Written once; neither database role may change it.</summary>
internal sealed class EventRow
{
    public required AuditEventId EventId { get; init; }

    /// <summary>Null for what belongs to no tenant.</summary>
    public TenantId? TenantId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Kind { get; init; }

    /// <summary>info, warning, error.</summary>
    public required string Severity { get; init; }
    public PrincipalId? PrincipalId { get; init; }
    public required string Principal { get; init; }
    public string? ResourceId { get; init; }
    public string? OperationId { get; init; }
    public string? RequestId { get; init; }
    public required string Message { get; init; }
    public JsonNode? Data { get; init; }

    /// <summary>Whether it belongs to the audit trail; false for mere progress.</summary>
    public required bool Audit { get; init; }

    /// <summary>Order of insertion, drawn by PostgreSQL; cursors and event streams go by it.</summary>
    public long Sequence { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<EventRow>
    {
        public void Configure(EntityTypeBuilder<EventRow> builder)
        {
            builder.ToTable("event").HasKey(row => row.EventId);
            builder.Property(row => row.Sequence).ValueGeneratedOnAdd();
        }
    }
}
