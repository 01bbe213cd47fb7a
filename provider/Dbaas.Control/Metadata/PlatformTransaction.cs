using Npgsql;

namespace Dbaas.Control.Metadata;

/// <summary>A transaction of the platform itself, across tenants. Every query in it names its tenant, or says why not.</summary>
internal sealed class PlatformTransaction : MetadataTransaction
{
    internal PlatformTransaction(
        MetadataContext db,
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ConnectionHold hold
    )
        : base(db, connection, transaction, hold, null) { }
}
