using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Dbaas.Control.Metadata.Migrations;

/// <summary>Which key an enrolment token has introduced.</summary>
[DbContext(typeof(MetadataContext))]
[Migration("20260316000000_EnrolmentTokens")]
internal sealed class EnrolmentTokens : SqlMigration;
