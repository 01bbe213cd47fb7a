using Dbaas.Control.Ids;
using Npgsql;

namespace Dbaas.Control.Metadata;

/// <summary>A transaction that sees and writes rows of one tenant only.</summary>
internal sealed class TenantTransaction : MetadataTransaction
{
    internal TenantTransaction(
        MetadataContext db,
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ConnectionHold hold,
        TenantId tenant
    )
        : base(db, connection, transaction, hold, tenant) => Tenant = tenant;

    public new TenantId Tenant { get; }
}
