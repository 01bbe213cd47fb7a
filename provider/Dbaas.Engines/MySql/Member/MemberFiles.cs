using System.Text.Json;
using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.MySql.Member;

/// <summary>Brings the member's files in line with its specification.</summary>
internal sealed class MemberFiles(MemberPaths paths)
{
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

    /// <summary>Settings that the running server has, or null when none was ever started.</summary>
    public Dictionary<string, string>? Live() => Read(paths.LiveSettingsFile);

    public void SaveLive(IReadOnlyDictionary<string, string> settings) =>
        Save(paths.LiveSettingsFile, settings);

    /// <summary>Settings with which the server last started, or null.</summary>
    public Dictionary<string, string>? Proven() => Read(paths.ProvenSettingsFile);

    public void Prove(IReadOnlyDictionary<string, string> settings) =>
        Save(paths.ProvenSettingsFile, settings);

    private static void Save(string file, IReadOnlyDictionary<string, string> settings) =>
        PrivateFile.Write(
            file,
            JsonSerializer.Serialize(
                new Dictionary<string, string>(settings),
                MemberJson.Default.DictionaryStringString
            )
        );

    private static Dictionary<string, string>? Read(string file) =>
        File.Exists(file)
            ? JsonSerializer.Deserialize(
                File.ReadAllText(file),
                MemberJson.Default.DictionaryStringString
            )
            : null;
}
