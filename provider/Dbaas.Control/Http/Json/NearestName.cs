namespace Dbaas.Control.Http.Json;

/// <summary>Guesses what was meant by a name that does not exist.</summary>
internal static class NearestName
{
    /// <summary>The known name with the fewest edits, or null when none is within a third of its length (at least two).</summary>
    public static string? Among(IEnumerable<string> known, string written)
    {
        if (written.Length > 64)
        {
            return null;
        }

        return known
            .Select(name => (Name: name, Edits: Edits(name, written)))
            .Where(candidate => candidate.Edits <= Math.Max(2, candidate.Name.Length / 3))
            .OrderBy(candidate => candidate.Edits)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    /// <summary>Levenshtein's distance, without regard to case.</summary>
    private static int Edits(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                var same =
                    char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (same ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
