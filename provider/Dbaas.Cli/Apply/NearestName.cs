namespace Dbaas.Cli.Apply;

/// <summary>Finds what somebody who mistyped probably meant.</summary>
internal static class NearestName
{
    /// <summary>"; did you mean 'x'?", or the list of what there is when nothing is near.</summary>
    public static string Suggest(string typed, IEnumerable<string> known)
    {
        var names = known.ToList();
        var nearest = names
            .Select(name =>
                (Name: name, Distance: Distance(typed.ToUpperInvariant(), name.ToUpperInvariant()))
            )
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault();
        return nearest.Name is not null && nearest.Distance <= Math.Max(2, typed.Length / 3)
            ? $"; did you mean '{nearest.Name}'?"
            : $"; there are {string.Join(", ", names)}";
    }

    /// <summary>Insertions, removals, replacements (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var row = 1; row <= left.Length; row++)
        {
            var current = new int[right.Length + 1];
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var replace = previous[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                current[column] = Math.Min(
                    Math.Min(previous[column], current[column - 1]) + 1,
                    replace
                );
            }

            previous = current;
        }

        return previous[^1];
    }
}
