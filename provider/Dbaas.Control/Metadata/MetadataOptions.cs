namespace Dbaas.Control.Metadata;

/// <summary>
/// Where the metadata PostgreSQL is: either a folder with its Unix socket (peer authentication, one database role for each purpose), or
/// three connection strings, one a role. The role names are fixed because the policies in the migrations name them.
/// </summary>
internal sealed class MetadataOptions
{
    public const string AppRole = "dbaas_app";
    public const string PlatformRole = "dbaas_platform";

    /// <summary>Folder of the Unix socket. Either this or the connection strings.</summary>
    public string? SocketDirectory { get; set; }

    /// <summary>Port, which names the socket file; PostgreSQL's usual one.</summary>
    public int Port { get; set; } = 5432;

    /// <summary>Database name, with <see cref="SocketDirectory"/>.</summary>
    public string Database { get; set; } = "dbaas";

    /// <summary>Role that owns the schema and runs migrations, with <see cref="SocketDirectory"/>.</summary>
    public string OwnerRole { get; set; } = "dbaas_owner";

    /// <summary>Connection string of the owner.</summary>
    public string? OwnerConnectionString { get; set; }

    /// <summary>Connection string of dbaas_app.</summary>
    public string? AppConnectionString { get; set; }

    /// <summary>Connection string of dbaas_platform.</summary>
    public string? PlatformConnectionString { get; set; }

    /// <summary>
    /// Connections for each role at most; a statement takes a millisecond or two, so whoever comes later waits no longer for one of
    /// these than for one more to be opened. 16: a herd of requests that opened 40 at once on two busy cores had none within 5 s.
    /// </summary>
    public int MaxPoolSize { get; set; } = 16;

    /// <summary>How long a start waits for PostgreSQL before it gives up and lets the supervisor try again, in seconds.</summary>
    public int StartTimeoutSeconds { get; set; } = 120;
}
