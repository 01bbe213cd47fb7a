using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Faults.Writers;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>A database whose certificate lives for minutes: clients connect anew all the time, and must not notice that it is renewed.</summary>
internal sealed class ShortCertificates : Fault
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);
    private readonly List<string> refused = [];
    private readonly List<Measure> measures = [];
    private string name = "";

    public override string Name => "certificate at its end";
    public override int Row => 34;
    public override string PassLine => "renewed after two thirds of its life, no connection fails";
    public override TimeSpan? GapLimit => TimeSpan.FromSeconds(0.5);
    public override IReadOnlyList<Evidence> Evidence =>
        [new("log/control.log", "Certificates of .* are renewed|3221")];

    public override bool TakesMinutes => true;

    public override async Task InjectAsync(Scene scene)
    {
        await scene.Units.RestartControlAsync(settings =>
            settings["certificates"] = new JsonObject
            {
                ["lifeDays"] = Life.TotalDays,
                ["pauseMinutes"] = 0.1,
            }
        );
        name = $"f-short-{scene.Chance.Next(100_000)}";
        var database = await scene.Instances.CreateAsync(scene.Victim.Engine, name);
        var began = Stopwatch.GetTimestamp();
        var first = await ServedAsync(database);
        using var connections = new WriterConnections(database.Engine, database.Credentials);
        var served = first;
        var connected = 0;
        // Twice its life: a certificate that nobody renewed has been refused for long.
        while (Stopwatch.GetElapsedTime(began) < Life * 1.5 || served == first)
        {
            if (Stopwatch.GetElapsedTime(began) > Life * 3)
            {
                throw new TimeoutException($"The certificate {first} is served still.");
            }

            try
            {
                await using var connection = await connections.OpenAsync(Scene.Cancelled);
                connected++;
            }
            catch (DbException failure)
            {
                refused.Add(
                    $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0} s: {failure.Message}"
                );
            }

            var now = await ServedAsync(database);
            if (now != served && served == first)
            {
                measures.Add(
                    Measure.Of(
                        "renewed certificate served",
                        Stopwatch.GetElapsedTime(began),
                        Life.TotalSeconds
                    )
                );
            }

            served = now;
        }

        Assert.NotEqual(0, connected);
    }

    public override Task<IReadOnlyList<Measure>> ProveAsync(Scene scene)
    {
        Assert.Empty(refused);
        return Task.FromResult<IReadOnlyList<Measure>>(measures);
    }

    public override async Task EndAsync(Scene scene)
    {
        // With the settings that everybody has.
        var died = scene.Units.Kill("control");
        await scene.Units.CalmAsync();
        await scene.Units.FollowerAsync("control", died);
        await scene.Units.ControlIsReadyAsync();
        if (name.Length > 0)
        {
            await scene.Instances.DeleteAsync(name);
        }
    }

    /// <summary>Serial number of the certificate that the endpoint shows.</summary>
    private static async Task<string> ServedAsync(Database database)
    {
        var protocol = database.Engine.Engine == "mysql" ? "mysql" : "postgres";
        var answer = await Command.RunAsync(
            "/bin/sh",
            [
                "-c",
                """openssl s_client -connect "$1:$2" -starttls "$3" </dev/null 2>/dev/null | openssl x509 -noout -serial""",
                "sh",
                database.Credentials.Host,
                database.Credentials.Port.ToString(CultureInfo.InvariantCulture),
                protocol,
            ]
        );
        return answer.Succeeded().Output.Trim();
    }
}
