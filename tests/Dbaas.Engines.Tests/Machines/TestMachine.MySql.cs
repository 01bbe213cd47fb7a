using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Dbaas.Protocol.Agent;
using MySqlConnector;

namespace Dbaas.Engines.Tests.Machines;

/// <summary>MySQL as its users see it.</summary>
internal sealed partial class TestMachine
{
    /// <summary>A connection as the user gets one: TLS 1.3, certificate checked against the authority.</summary>
    public async Task<MySqlConnection> ConnectMySqlAsync(MemberSpec spec, string database = "")
    {
        var connection = new MySqlConnection(
            new MySqlConnectionStringBuilder
            {
                Server = Address,
                Port = (uint)Engine.Port,
                UserID = spec.Secrets.AdminUser,
                Password = spec.Secrets.AdminPassword,
                Database = database,
                SslMode = MySqlSslMode.VerifyFull,
                SslCa = await AuthorityFileAsync(spec),
                Pooling = false,
                ConnectionTimeout = 5,
                AllowUserVariables = true,
            }.ConnectionString
        );
        await connection.OpenAsync();
        return connection;
    }

    public async Task<object?> QueryMySqlAsync(MemberSpec spec, string sql, string database = "")
    {
        await using var connection = await ConnectMySqlAsync(spec, database);
        await using var command = new MySqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The certificate that the server shows to a client of this protocol version, as DER.</summary>
    public async Task<byte[]> ServedMySqlCertificateAsync(SslProtocols protocol)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Address, Engine.Port);
        var stream = client.GetStream();
        // Protocol documentation, "Connection Phase": the greeting (3 bytes of length, a number), then the SSL request: capabilities
        // PROTOCOL_41, SSL, SECURE_CONNECTION and PLUGIN_AUTH, largest packet, character set, 23 zeros.
        var head = new byte[4];
        await stream.ReadExactlyAsync(head);
        await stream.ReadExactlyAsync(new byte[head[0] | (head[1] << 8) | (head[2] << 16)]);
        byte[] request =
        [
            32,
            0,
            0,
            1,
            .. BitConverter.GetBytes(0x00088A00u),
            .. BitConverter.GetBytes(1u << 24),
            255,
            .. new byte[23],
        ];
        await stream.WriteAsync(request);
        byte[] served = [];
        await using var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = Address,
                EnabledSslProtocols = protocol,
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    served = certificate?.GetRawCertData() ?? [];
                    return served.Length > 0;
                },
            }
        );
        return served;
    }
}
