using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Dbaas.Control.Metadata.Migrations;

/// <summary>The right to change what lies on hosts.</summary>
[DbContext(typeof(MetadataContext))]
[Migration("20260315000000_HostWrite")]
internal sealed class HostWrite : SqlMigration;
