using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.MySql.Member;

/// <summary>Brings the member's files in line with its specification.</summary>
internal sealed class MemberFiles(MemberPaths paths)
{
    /// <summary>Settings that the running server has; null when none was ever started.</summary>
    public SavedSettings Live { get; } = new(paths.LiveSettingsFile);

    /// <summary>What a running server reads when it is told to.</summary>
    public UnreadFiles Certificates { get; } = new(paths.UnreadFile);

    /// <summary>Writes the certificates; true when the server must read them again.</summary>
    public bool WriteCertificates(MemberSpec spec)
    {
        var tls = paths.TlsFolder;
        return Certificates.Write([
            ($"{tls}/endpoint.crt", spec.EndpointTls.CertificatePem),
            ($"{tls}/endpoint.key", spec.EndpointTls.KeyPem),
            ($"{tls}/endpoint-ca.crt", spec.EndpointTls.AuthorityPem),
        ]);
    }

    /// <summary>Writes what the server will read at its next start.</summary>
    public void WriteOptions(IReadOnlyDictionary<string, string> settings) =>
        PrivateFile.Write(paths.OptionFile, OptionFile.Write(settings));
}
