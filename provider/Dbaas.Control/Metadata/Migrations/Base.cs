using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Dbaas.Control.Metadata.Migrations;

/// <summary>Every table of the first version.</summary>
[DbContext(typeof(MetadataContext))]
[Migration("20260101000000_Base")]
internal sealed class Base : SqlMigration;
