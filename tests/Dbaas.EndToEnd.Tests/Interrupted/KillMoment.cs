using System.Globalization;

namespace Dbaas.EndToEnd.Tests.Interrupted;

/// <summary>One kill: what was under way, who dies, and when.</summary>
/// <param name="Kind">create, update or delete.</param>
/// <param name="Victim">Who is killed.</param>
/// <param name="Part">Of the time that the same work took unharmed; beyond 1 it may have ended.</param>
internal sealed record KillMoment(string Kind, KillVictim Victim, double Part)
{
    private const double Latest = 1.1;
    public static IReadOnlyList<string> Kinds { get; } = ["create", "update", "delete"];

    /// <summary>A kill in each kind of operation, the same ones for the same seed.</summary>
    public static IReadOnlyList<KillMoment> Draw(int seed)
    {
        var chance = new Random(seed);
        return
        [
            .. Kinds.Select(kind => new KillMoment(
                kind,
                chance.Next(2) == 0 ? KillVictim.Provider : KillVictim.Tool,
                chance.NextDouble() * Latest
            )),
        ];
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Victim} killed at {Part:0.000} of {Kind}");
}
