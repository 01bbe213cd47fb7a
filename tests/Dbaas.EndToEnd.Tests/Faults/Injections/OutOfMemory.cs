using System.Data.Common;
using Dbaas.EndToEnd.Tests.Faults.Writers;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>One session takes all memory that the machine has, until the kernel ends a process for it.</summary>
internal sealed class OutOfMemory : Fault
{
    private const int Pieces = 80;

    public override string Name => "memory used up by one session";
    public override int Row => 14;
    public override string PassLine =>
        "writes again ≤ crash recovery + 1 s; the event says so, with advice";
    public override TimeSpan Deadline => TimeSpan.FromSeconds(120);
    public override IReadOnlyList<Evidence> Evidence =>
        [Injections.Evidence.Event("instance\\.out_of_memory .*memoryGib")];

    public override async Task InjectAsync(Scene scene)
    {
        var memory = scene.Victim.CgroupFolder("memory");
        var before = Database.Deaths(memory);
        using var connections = new WriterConnections(
            scene.Victim.Engine,
            scene.Victim.Credentials
        );
        try
        {
            await using var greedy = await connections.OpenAsync(Scene.Cancelled);
            // PostgreSQL builds one array; MySQL keeps one variable after the other for the session.
            foreach (var statement in Statements(scene.Victim.Engine.Engine))
            {
                await using var command = greedy.CreateCommand();
                command.CommandText = statement;
                command.CommandTimeout = 120;
                await command.ExecuteNonQueryAsync(Scene.Cancelled);
            }
        }
        catch (Exception failure) when (failure is DbException or IOException)
        {
            // It died with what it took, as it should.
        }

        Assert.True(
            Database.Deaths(memory) > before,
            "the session took what it could, and the kernel ended nobody"
        );
    }

    private static IEnumerable<string> Statements(string engine) =>
        engine == "mysql"
            ? Enumerable
                .Range(1, Pieces)
                .Select(n =>
                    FormattableString.Invariant(
                        $"set @a{n} = repeat(char(64 + {n % 20}), 33554432)"
                    )
                )
            :
            [
                "set work_mem = '2GB'",
                "select count(*) from (select array_agg(repeat(n::text, 100)) from generate_series(1, 30000000) n) t",
            ];
}
