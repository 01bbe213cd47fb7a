using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Dbaas.Control.Metadata.Migrations;

/// <summary>The last specification of an instance that arrived in whole.</summary>
[DbContext(typeof(MetadataContext))]
[Migration("20260302000000_ArrivedSpecification")]
internal sealed class ArrivedSpecification : SqlMigration;
