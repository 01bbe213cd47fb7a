using System.Collections.Concurrent;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Acceptance;

/// <summary>
/// Databases of one engine live side by side, each behind a door of its own: they wait for their engines most of the time. Each test
/// reports the life of one.
/// </summary>
public sealed class ConcurrentLives
{
    private readonly ConcurrentDictionary<string, Lazy<IReadOnlyDictionary<string, Task>>> started =
        new();

    private static readonly string[] s_engines = ["postgresql", "mysql"];

    private static readonly string[] s_doors = ["rest", "cli", "terraform", "pulumi"];

    /// <summary>
    /// Engine and door of each life. All of them when everything is tried; otherwise every door once and every engine behind half of
    /// the doors, drawn anew each run: behind the doors stands one service, and what differs between engines is the same behind each.
    /// </summary>
    public static IReadOnlyList<(string Engine, string Door)> Drawn { get; } = Draw();

    /// <summary>Ends with the life of this engine behind this door, which may have begun with that of another.</summary>
    public Task OfAsync(Platform platform, string engine, string door) =>
        started
            .GetOrAdd(
                engine,
                _ =>
                    new(() =>
                        Drawn
                            .Where(life => life.Engine == engine)
                            .ToDictionary(
                                life => life.Door,
                                life => Begin(platform, engine, life.Door)
                            )
                    )
            )
            .Value[door];

    private static IReadOnlyList<(string Engine, string Door)> Draw()
    {
        var doors = s_doors.ToArray();
        Random.Shared.Shuffle(doors);
        return Extent.IsWhole
            ? [.. s_engines.SelectMany(engine => s_doors.Select(door => (engine, door)))]
            :
            [
                .. doors.Select(
                    (door, place) => (s_engines[place * s_engines.Length / doors.Length], door)
                ),
            ];
    }

    private static Task Begin(Platform platform, string engine, string door)
    {
        // A life outlasts the test that began it, so it must not hang on that test's context.
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(async () =>
            {
                await using var opened = await OpenAsync(platform, door);
                using var life = new Life(platform, EngineUnderTest.Of(engine), opened);
                await life.LiveAsync();
            });
        }
    }

    private static async Task<IFrontDoor> OpenAsync(Platform platform, string door) =>
        door switch
        {
            "rest" => new RestDoor(platform),
            "cli" => new CliDoor(platform),
            "terraform" => await TerraformDoor.OpenAsync(platform),
            _ => await PulumiDoor.OpenAsync(platform),
        };
}
