using System.Diagnostics;
using System.Globalization;
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

    /// <summary>Kills the server and starts another one like it, as nobody's child but in the machine; returns its process.</summary>
    public async Task<int> ReplaceMysqldAsync()
    {
        var killed = MysqldPid();
        var arguments = Read(killed, "cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var user = (await Shell.RunAsync("stat", "--format=%u %g", Data)).Trim().Split(' ');
        await KillAsync(killed);
        await Eventually.BecomesAsync(
            () => Task.FromResult(Pids("/usr/sbin/mysqld").Any()),
            runs => !runs,
            TimeSpan.FromSeconds(10)
        );
        // The server would take the one that was killed, and not yet reaped, for alive.
        foreach (var left in Directory.GetFiles($"{Folder}/run/mysql"))
        {
            File.Delete(left);
        }

        var reaper = ReaperPid().ToString(CultureInfo.InvariantCulture);
        Process
            .Start(
                "bash",
                [
                    "-c",
                    $"exec nsenter --target {reaper} --mount --uts --ipc --pid --root --setuid {user[0]} --setgid {user[1]} {string.Join(' ', arguments)} >/dev/null 2>&1",
                ]
            )
            .Dispose();
        return await Eventually.BecomesAsync(
            () => Task.FromResult(MysqldPid()),
            _ => true,
            TimeSpan.FromSeconds(10)
        );
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
