using System.Text.Json;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>Brings the member's configuration files in line with its specification.</summary>
internal sealed class MemberFiles(MemberPaths paths)
{
    /// <param name="Server">The server must read its files again.</param>
    /// <param name="Patroni">Patroni must read its files again.</param>
    public readonly record struct Changes(bool Server, bool Patroni);

    public Changes Write(MemberSpec spec, IReadOnlyDictionary<string, string> settings)
    {
        var tls = paths.TlsFolder;
        var server =
            PrivateFile.Write($"{tls}/endpoint.crt", spec.EndpointTls.CertificatePem)
            | PrivateFile.Write($"{tls}/endpoint.key", spec.EndpointTls.KeyPem)
            | PrivateFile.Write($"{tls}/endpoint-ca.crt", spec.EndpointTls.AuthorityPem)
            | PrivateFile.Write(paths.SettingsFile, ServerSettings.File(settings))
            | PrivateFile.Write($"{paths.Data}/pg_hba.conf", ServerSettings.HostBasedAccess)
            | PrivateFile.Write($"{paths.Data}/pg_ident.conf", ServerSettings.UserNames);
        var patroni =
            PrivateFile.Write($"{tls}/internal.crt", spec.InternalTls.CertificatePem)
            | PrivateFile.Write($"{tls}/internal.key", spec.InternalTls.KeyPem)
            | PrivateFile.Write($"{tls}/internal-ca.crt", spec.InternalTls.AuthorityPem)
            | PrivateFile.Write($"{tls}/store-ca.crt", spec.Store.AuthorityPem)
            | PrivateFile.Write(
                paths.PatroniFile,
                PatroniConfiguration.Write(spec, paths, settings)
            );
        return new Changes(server, patroni);
    }

    /// <summary>Remembers the settings with which the server is known to start.</summary>
    public void Prove(IReadOnlyDictionary<string, string> settings) =>
        PrivateFile.Write(
            paths.ProvenSettingsFile,
            JsonSerializer.Serialize(
                new Dictionary<string, string>(settings),
                MemberJson.Default.DictionaryStringString
            )
        );

    /// <summary>Settings with which the server last started, or null.</summary>
    public IReadOnlyDictionary<string, string>? Proven() =>
        File.Exists(paths.ProvenSettingsFile)
            ? JsonSerializer.Deserialize(
                File.ReadAllText(paths.ProvenSettingsFile),
                MemberJson.Default.DictionaryStringString
            )
            : null;
}
