using Npgsql;

namespace Dbaas.Benchmarks.Loads;

/// <param name="CaFile">Authority for verify-full; null for a server without TLS.</param>
internal sealed record ServerAddress(
    string Host,
    int Port,
    string Username,
    string Password,
    string Database,
    string? CaFile
)
{
    /// <summary>Whether any name will do in a certificate of that authority: a server that is asked past its endpoint.</summary>
    public bool AnyName { get; init; }

    /// <summary>For Npgsql, without pooling, so that every measured connection is a new one.</summary>
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder
        {
            Host = Host,
            Port = Port,
            Username = Username,
            Password = Password,
            Database = Database,
            Pooling = false,
            Timeout = 30,
            SslMode = CaFile is null ? SslMode.Disable : SslMode.VerifyFull,
            RootCertificate = CaFile,
        }.ConnectionString;

    /// <summary>Never prints the password.</summary>
    public override string ToString() => $"{Username}@{Host}:{Port}/{Database}";
}
