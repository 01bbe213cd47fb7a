using Dbaas.Control.Ids;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.Operations;

/// <summary>One step of one operation, for those who want to see what happened.</summary>
internal sealed class OperationStepRow
{
    public required OperationId OperationId { get; init; }
    public required int Ordinal { get; init; }
    public required TenantId TenantId { get; init; }
    public required string Name { get; init; }
    public string State { get; set; } = OperationStates.StepWaiting;
    public int Attempts { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public double? DurationMilliseconds { get; set; }
    public string Message { get; set; } = "";

    internal sealed class Configuration : IEntityTypeConfiguration<OperationStepRow>
    {
        public void Configure(EntityTypeBuilder<OperationStepRow> builder) =>
            builder.ToTable("operation_step").HasKey(row => new { row.OperationId, row.Ordinal });
    }
}
