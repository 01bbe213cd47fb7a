using System.Buffers.Binary;
using System.Security.Cryptography;
using Dbaas.Engines.Tests.Machines;
using Npgsql;

namespace Dbaas.Engines.Tests.PostgreSql;

/// <summary>Clients that speak something else than the protocol: they are hung up on, and the server lives on as it was.</summary>
[Trait("Needs", "engine")]
public sealed class StrangeClientTests(MachineFixture fixture)
{
    private const int Times = 10;
    private const long MayGrowKib = 16 * 1024;

    // Protocol documentation, "Message Formats".
    private static readonly byte[] s_sslRequest = [0, 0, 0, 8, 4, 210, 22, 47];
    private static readonly byte[] s_startupOfOneGib = [64, 0, 0, 0, 0, 3, 0, 0, .. "user\0x\0"u8];
    private static readonly byte[] s_http = [.. "GET / HTTP/1.1\r\nHost: database\r\n\r\n"u8];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_clients_of_another_protocol_when_they_come_again_and_again_then_the_server_lives_on_as_it_was()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine);
        Assert.True((await machine.StartAsync(spec)).Succeeded);
        await using var session = await machine.ConnectAsync(spec);
        var backend = (int)(await AskAsync(session, "SELECT pg_backend_pid()"))!;
        // The first of a kind touches memory that was not needed before.
        await ComeAsync(machine, backend, 1);
        var server = machine.PostmasterPid();
        var before = TestMachine.ResidentKib(server);

        var working = AskAsync(session, "SELECT 1 FROM pg_sleep(2)");
        await ComeAsync(machine, backend, Times);

        // Nobody's guess has ended it.
        Assert.Equal(1, await working);
        Assert.Equal(backend, await AskAsync(session, "SELECT pg_backend_pid()"));
        Assert.Equal(server, machine.PostmasterPid());
        Assert.InRange(TestMachine.ResidentKib(server), 1, before + MayGrowKib);
        Assert.Equal(1, await machine.QueryAsync(spec, "SELECT 1"));
    }

    private static async Task ComeAsync(TestMachine machine, int backend, int times)
    {
        for (var time = 0; time < times; time++)
        {
            // Whose session it is, everybody may know; the key is what must be guessed.
            await OneAsync(machine, CancelRequest(backend));
            await OneAsync(machine, s_http);
            await OneAsync(machine, s_startupOfOneGib);
            using var impatient = await StrangeClient.ConnectAsync(machine);
            await impatient.SayAsync(s_sslRequest);
            Assert.Equal("S"u8.ToArray(), await impatient.HearAsync(1));
            await impatient.SayAsync(s_sslRequest);
            await impatient.IsHungUpOnAsync();
        }
    }

    private static async Task OneAsync(TestMachine machine, byte[] says)
    {
        using var client = await StrangeClient.ConnectAsync(machine);
        await client.SayAsync(says);
        await client.IsHungUpOnAsync();
    }

    private static byte[] CancelRequest(int backend)
    {
        byte[] request = [0, 0, 0, 16, 4, 210, 22, 46, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(8), backend);
        RandomNumberGenerator.Fill(request.AsSpan(12));
        return request;
    }

    private static async Task<object?> AskAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session);
        return await command.ExecuteScalarAsync(Token);
    }
}
