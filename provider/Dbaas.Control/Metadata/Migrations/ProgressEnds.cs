using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Dbaas.Control.Metadata.Migrations;

/// <summary>Progress of steps may be forgotten, the audit trail may not.</summary>
[DbContext(typeof(MetadataContext))]
[Migration("20260303000000_ProgressEnds")]
internal sealed class ProgressEnds : SqlMigration;
