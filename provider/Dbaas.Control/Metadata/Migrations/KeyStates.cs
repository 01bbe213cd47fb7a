using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Dbaas.Control.Metadata.Migrations;

/// <summary>Customer keys that are denied or missing.</summary>
[DbContext(typeof(MetadataContext))]
[Migration("20260201000000_KeyStates")]
internal sealed class KeyStates : SqlMigration;
