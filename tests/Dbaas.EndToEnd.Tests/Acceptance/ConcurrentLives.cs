using System.Collections.Concurrent;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Acceptance;

/// <summary>
/// Databases of one engine live side by side, one behind each door: they wait for their engines most of the time. Each test reports the
/// life of one.
/// </summary>
public sealed class ConcurrentLives
{
    private readonly ConcurrentDictionary<string, Lazy<IReadOnlyDictionary<string, Task>>> started =
        new();

    public static IReadOnlyList<string> Engines { get; } = ["postgresql", "mysql"];

    public static IReadOnlyList<string> Doors { get; } = ["rest", "cli", "terraform", "pulumi"];

    /// <summary>Ends with the life of this engine behind this door, which may have begun with that of another.</summary>
    public Task OfAsync(Platform platform, string engine, string door) =>
        started
            .GetOrAdd(
                engine,
                _ =>
                    new(() =>
                        Doors.ToDictionary(name => name, name => Begin(platform, engine, name))
                    )
            )
            .Value[door];

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
