namespace Dbaas.Supervisor.Deployment;

/// <param name="Folder">bin/VERSION-HASH.</param>
/// <param name="Hashes">Hash of each program's files, by folder name (control, host, kms …).</param>
/// <param name="Changed">Whether it was deployed just now.</param>
internal sealed record Deployed(
    string Folder,
    IReadOnlyDictionary<string, string> Hashes,
    bool Changed
);
