using System.Globalization;
using Dbaas.Engines.Tests.Machines;
using MySqlConnector;

namespace Dbaas.Engines.Tests.MySql;

/// <summary>Clients that speak something else than the protocol: they are hung up on, and the server lives on as it was.</summary>
[Trait("Needs", "engine")]
public sealed class StrangeClientTests(MachineFixture fixture)
{
    private const int Times = 10;
    private const long MayGrowKib = 16 * 1024;
    private const byte ComProcessKill = 0x0c;

    private static readonly byte[] s_http = [.. "GET / HTTP/1.1\r\nHost: database\r\n\r\n"u8];

    // Protocol documentation, "Connection Phase": capabilities PROTOCOL_41, SSL, SECURE_CONNECTION and PLUGIN_AUTH, largest packet,
    // character set, 23 zeros.
    private static readonly byte[] s_sslRequest =
    [
        .. BitConverter.GetBytes(0x00088A00u),
        .. BitConverter.GetBytes(1u << 24),
        255,
        .. new byte[23],
    ];

    // The same without SSL and with a password whose length is an integer of 8 bytes, here 1 GiB; a packet itself cannot be that long.
    private static readonly byte[] s_passwordOfOneGib =
    [
        .. BitConverter.GetBytes(0x00288200u),
        .. BitConverter.GetBytes(1u << 30),
        255,
        .. new byte[23],
        .. "x\0"u8,
        0xfe,
        .. BitConverter.GetBytes(1L << 30),
        .. "password"u8,
    ];

    // Says that it has 16 MiB, less one byte, and sends 32.
    private static readonly byte[] s_longestPacket = [0xff, 0xff, 0xff, 1, .. new byte[32]];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_clients_of_another_protocol_when_they_come_again_and_again_then_the_server_lives_on_as_it_was()
    {
        var machine = await fixture.MachineAsync(TestEngine.MySql);
        var spec = await fixture.SpecAsync(machine);
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        await using var session = await machine.ConnectMySqlAsync(spec);
        var number = await NumberAsync(session);
        // The first of a kind touches memory that was not needed before.
        await ComeAsync(machine, number, 5);
        var server = machine.MysqldPid();
        var before = TestMachine.ResidentKib(server);

        await ComeAsync(machine, number, Times);

        Assert.Equal(number, await NumberAsync(session));
        Assert.Equal(server, machine.MysqldPid());
        Assert.InRange(TestMachine.ResidentKib(server), 1, before + MayGrowKib);
        Assert.Equal("alive", await machine.QueryMySqlAsync(spec, "SELECT 'alive'"));
    }

    private static async Task ComeAsync(TestMachine machine, uint session, int times)
    {
        for (var time = 0; time < times; time++)
        {
            using (var browser = await StrangeClient.ConnectAsync(machine))
            {
                await browser.SayAsync(s_http);
                await browser.IsHungUpOnAsync();
            }

            await OneAsync(machine, s_longestPacket);
            await OneAsync(machine, Packet(1, s_passwordOfOneGib));
            await OneAsync(machine, Packet(1, s_sslRequest), Packet(2, s_sslRequest));
            // MySQL has no key to guess: who wants to end another's query has to log in, and this one does not.
            await OneAsync(machine, Packet(1, [ComProcessKill, .. BitConverter.GetBytes(session)]));
        }
    }

    private static async Task OneAsync(TestMachine machine, params byte[][] packets)
    {
        using var client = await StrangeClient.ConnectAsync(machine);
        var head = await client.HearAsync(4);
        await client.HearAsync(head[0] | (head[1] << 8) | (head[2] << 16));
        foreach (var packet in packets)
        {
            await client.SayAsync(packet);
        }

        client.SayNoMore();
        await client.IsHungUpOnAsync();
    }

    /// <summary>Three bytes of length, the number in the exchange, and what it holds.</summary>
    private static byte[] Packet(byte number, byte[] payload) =>
        [(byte)payload.Length, (byte)(payload.Length >> 8), 0, number, .. payload];

    private static async Task<uint> NumberAsync(MySqlConnection session)
    {
        await using var command = new MySqlCommand("SELECT CONNECTION_ID()", session);
        return Convert.ToUInt32(
            await command.ExecuteScalarAsync(Token),
            CultureInfo.InvariantCulture
        );
    }
}
