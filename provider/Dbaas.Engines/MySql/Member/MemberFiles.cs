using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.MySql.Member;

/// <summary>Brings the member's files in line with its specification.</summary>
internal sealed class MemberFiles(MemberPaths paths)
{
    /// <summary>Settings that the running server has; null when none was ever started.</summary>
    public SavedSettings Live { get; } = new(paths.LiveSettingsFile);

    /// <summary>Writes the certificates; true when they changed and the server must read them again.</summary>
    public bool WriteCertificates(MemberSpec spec)
    {
        var tls = paths.TlsFolder;
        return PrivateFile.Write($"{tls}/endpoint.crt", spec.EndpointTls.CertificatePem)
            | PrivateFile.Write($"{tls}/endpoint.key", spec.EndpointTls.KeyPem)
            | PrivateFile.Write($"{tls}/endpoint-ca.crt", spec.EndpointTls.AuthorityPem);
    }

    /// <summary>Writes what the server will read at its next start.</summary>
    public void WriteOptions(IReadOnlyDictionary<string, string> settings) =>
        PrivateFile.Write(paths.OptionFile, OptionFile.Write(settings));
}
