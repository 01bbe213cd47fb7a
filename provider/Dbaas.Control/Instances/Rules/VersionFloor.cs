namespace Dbaas.Control.Instances.Rules;

/// <summary>Compares an engine's full versions, number by number: 9.10 is newer than 9.7.</summary>
internal static class VersionFloor
{
    /// <summary>Whether <paramref name="actual"/> is known and older than the floor. A major alone is a floor that all its minors meet.</summary>
    public static bool Behind(string actual, string floor) =>
        Version.TryParse(actual, out var runs)
        && Version.TryParse(floor, out var least)
        && runs < least;

    /// <summary>The newer of two; one that is unknown loses.</summary>
    public static string Newer(string left, string right) =>
        Behind(left, right) || left.Length == 0 ? right : left;
}
