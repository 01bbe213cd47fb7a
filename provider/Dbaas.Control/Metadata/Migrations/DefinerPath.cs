using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Dbaas.Control.Metadata.Migrations;

/// <summary>Where functions with their owner's rights look for tables.</summary>
[DbContext(typeof(MetadataContext))]
[Migration("20261130010000_DefinerPath")]
internal sealed class DefinerPath : SqlMigration;
