using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Dbaas.Control.Metadata.Migrations;

/// <summary>The address that an enrolment token belongs to.</summary>
[DbContext(typeof(MetadataContext))]
[Migration("20261130000000_TokenAddresses")]
internal sealed class TokenAddresses : SqlMigration;
