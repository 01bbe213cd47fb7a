using System.Data.Common;
using Dbaas.Engines;

/// <summary>How to ask one engine's server for its parameters. Every class here that implements it is found.</summary>
internal interface ICatalogueSource
{
    /// <summary>Name in schema.json's enum.</summary>
    string Engine { get; }

    /// <summary>Opens a session with the server that <c>engines/ENGINE/catalogue-server</c> started in <paramref name="folder"/>.</summary>
    /// <exception cref="DbException">The server does not answer, or not yet.</exception>
    Task<DbConnection> OpenAsync(string folder);

    /// <summary>Reads every parameter. May change the server, which is thrown away afterwards.</summary>
    Task<CatalogueFile> ReadAsync(DbConnection connection, string folder);
}
