using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>Brings the member's configuration files in line with its specification.</summary>
internal sealed class MemberFiles(MemberPaths paths)
{
    /// <param name="Server">The server must read its files again.</param>
    /// <param name="Patroni">Patroni must read its files again.</param>
    public readonly record struct Changes(bool Server, bool Patroni);

    /// <param name="flush">False in a start from an empty volume, which is flushed as a whole afterwards.</param>
    public Changes Write(
        MemberSpec spec,
        IReadOnlyDictionary<string, string> settings,
        bool flush = true
    )
    {
        bool Put(string path, string text) => PrivateFile.Write(path, text, flush);
        var tls = paths.TlsFolder;
        var server =
            Put($"{tls}/endpoint.crt", spec.EndpointTls.CertificatePem)
            | Put($"{tls}/endpoint.key", spec.EndpointTls.KeyPem)
            | Put($"{tls}/endpoint-ca.crt", spec.EndpointTls.AuthorityPem)
            | Put(paths.SettingsFile, ServerSettings.File(settings))
            | Put($"{paths.Data}/pg_hba.conf", ServerSettings.HostBasedAccess)
            | Put($"{paths.Data}/pg_ident.conf", ServerSettings.UserNames);
        var patroni =
            Put($"{tls}/internal.crt", spec.InternalTls.CertificatePem)
            | Put($"{tls}/internal.key", spec.InternalTls.KeyPem)
            | Put($"{tls}/internal-ca.crt", spec.InternalTls.AuthorityPem)
            | Put($"{tls}/store-ca.crt", spec.Store.AuthorityPem)
            | Put(paths.PatroniFile, PatroniConfiguration.Write(spec, paths, settings));
        return new Changes(server, patroni);
    }
}
