using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>Brings the member's configuration files in line with its specification.</summary>
internal sealed class MemberFiles(MemberPaths paths)
{
    /// <param name="Server">The server must read its files again.</param>
    /// <param name="Patroni">Patroni must read its files again.</param>
    public readonly record struct Changes(bool Server, bool Patroni);

    public UnreadFiles OfServer { get; } = new(paths.UnreadFile);
    public UnreadFiles OfPatroni { get; } = new(paths.PatroniUnreadFile);

    /// <param name="flush">False in a start from an empty volume, which is flushed as a whole afterwards.</param>
    public Changes Write(
        MemberSpec spec,
        IReadOnlyDictionary<string, string> settings,
        bool flush = true
    )
    {
        var tls = paths.TlsFolder;
        return new Changes(
            OfServer.Write(
                [
                    ($"{tls}/endpoint.crt", spec.EndpointTls.CertificatePem),
                    ($"{tls}/endpoint.key", spec.EndpointTls.KeyPem),
                    ($"{tls}/endpoint-ca.crt", spec.EndpointTls.AuthorityPem),
                    (paths.SettingsFile, ServerSettings.File(settings)),
                    ($"{paths.Data}/pg_hba.conf", ServerSettings.HostBasedAccess),
                    ($"{paths.Data}/pg_ident.conf", ServerSettings.UserNames),
                ],
                flush
            ),
            OfPatroni.Write(
                [
                    ($"{tls}/internal.crt", spec.InternalTls.CertificatePem),
                    ($"{tls}/internal.key", spec.InternalTls.KeyPem),
                    ($"{tls}/internal-ca.crt", spec.InternalTls.AuthorityPem),
                    ($"{tls}/store-ca.crt", spec.Store.AuthorityPem),
                    (paths.PatroniFile, PatroniConfiguration.Write(spec, paths, settings)),
                ],
                flush
            )
        );
    }
}
