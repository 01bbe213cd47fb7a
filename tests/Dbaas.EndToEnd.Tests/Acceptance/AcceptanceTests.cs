using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Acceptance;

/// <summary>
/// The whole life of a real database, told once. Engine and front door are the only variables: what one door can do to one engine, each
/// can do to all. Which of them meet is drawn; <c>DBAAS_FAULTS=all</c> lets all meet, as <c>make faults</c> does.
/// </summary>
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class AcceptanceTests(SharedPlatform shared, ConcurrentLives lives)
    : IClassFixture<ConcurrentLives>
{
    public static TheoryData<string, string> Variables => [.. ConcurrentLives.Drawn];

    [Theory]
    [MemberData(nameof(Variables))]
    public async Task Given_a_declaration_when_it_lives_its_whole_life_then_each_change_does_what_it_says_and_leaves_nothing_to_change(
        string engine,
        string door
    )
    {
        var platform = await shared.RunningAsync();

        await lives.OfAsync(platform, engine, door);
    }
}
