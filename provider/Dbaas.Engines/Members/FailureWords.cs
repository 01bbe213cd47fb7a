namespace Dbaas.Engines.Members;

/// <summary>Turns what a server says when it fails into a sentence somebody can act on.</summary>
/// <param name="known">Words of the server's log, in any case; the code of the failure; what to do.</param>
internal sealed class FailureWords(
    params IReadOnlyList<(string Sign, string Code, string Advice)> known
)
{
    /// <summary>The first reason that the lines show, the newest first, or null.</summary>
    public (string Code, string Advice)? Explain(IEnumerable<string> lines)
    {
        foreach (var line in lines.Reverse())
        {
            foreach (var (sign, code, advice) in known)
            {
                if (line.Contains(sign, StringComparison.OrdinalIgnoreCase))
                {
                    return (code, advice);
                }
            }
        }

        return null;
    }
}
