using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.MariaDb.Member;

/// <summary>Writes what the server reads.</summary>
internal sealed class MariaDbFiles(MariaDbPaths paths)
{
    /// <summary>The agent's own account: local socket only, proven by the operating system's user.</summary>
    public const string Platform = "dbaas_platform";

    public void Write(MemberSpec spec, IReadOnlyDictionary<string, string> settings)
    {
        WriteCertificates(spec);
        PrivateFile.Write(paths.OptionFile, Options(spec, settings));
        PrivateFile.Write(
            paths.InitFile,
            $"CREATE USER IF NOT EXISTS {Platform}@localhost;\n"
                + $"ALTER USER {Platform}@localhost IDENTIFIED VIA unix_socket AS {Text(Environment.UserName)};\n"
                + $"GRANT ALL ON *.* TO {Platform}@localhost WITH GRANT OPTION;\n"
        );
    }

    /// <summary>True when they changed and the server must read them again.</summary>
    public bool WriteCertificates(MemberSpec spec) =>
        PrivateFile.Write($"{paths.TlsFolder}/endpoint.crt", spec.EndpointTls.CertificatePem)
        | PrivateFile.Write($"{paths.TlsFolder}/endpoint.key", spec.EndpointTls.KeyPem)
        | PrivateFile.Write($"{paths.TlsFolder}/endpoint-ca.crt", spec.EndpointTls.AuthorityPem);

    /// <summary>A literal; the server's sql_mode is the default one, in which backslashes escape.</summary>
    public static string Text(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>What <c>PASSWORD()</c> makes, so that no password stands in a statement (documentation, "mysql_native_password").</summary>
    public static string Verifier(string password) =>
#pragma warning disable CA5350 // The engine's own scheme; it is only ever sent over TLS 1.3.
        "*" + Convert.ToHexString(SHA1.HashData(SHA1.HashData(Encoding.UTF8.GetBytes(password))));
#pragma warning restore CA5350

    private string Options(MemberSpec spec, IReadOnlyDictionary<string, string> settings)
    {
        var options = new SortedDictionary<string, string>(
            new Dictionary<string, string>(settings),
            StringComparer.Ordinal
        )
        {
            ["datadir"] = paths.Data,
            ["tmpdir"] = paths.TemporaryFolder,
            ["socket"] = paths.Socket,
            ["pid_file"] = paths.PidFile,
            ["init_file"] = paths.InitFile,
            ["log_error"] = $"{paths.LogFolder}/error.log",
            ["bind_address"] = spec.ListenAddress,
            ["port"] = spec.Port.ToString(CultureInfo.InvariantCulture),
            ["ssl_ca"] = $"{paths.TlsFolder}/endpoint-ca.crt",
            ["ssl_cert"] = $"{paths.TlsFolder}/endpoint.crt",
            ["ssl_key"] = $"{paths.TlsFolder}/endpoint.key",
        };
        var text = new StringBuilder("# Written by the agent.\n[mariadbd]\n");
        foreach (var (name, value) in options)
        {
            // Quotes are taken off, backslashes escape (documentation, "Option Files").
            text.Append(name)
                .Append(" = \"")
                .Append(value.Replace("\\", "\\\\", StringComparison.Ordinal))
                .Append("\"\n");
        }

        return text.ToString();
    }
}
