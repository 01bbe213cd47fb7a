namespace Dbaas.Client.Planning;

/// <summary>One thing to know before a change.</summary>
/// <param name="Kind">How much it matters.</param>
/// <param name="Summary">One line.</param>
/// <param name="Detail">What would be right, or when it happens.</param>
/// <param name="Pointer">JSON pointer of the input it is about; empty for the change as a whole.</param>
public sealed record ForecastLine(
    ForecastKind Kind,
    string Summary,
    string Detail,
    string Pointer = ""
)
{
    /// <summary>Both in one line, as tools show it that have no place of its own for a detail.</summary>
    public string Text =>
        Summary.Length > 0 && Summary[^1] is '.' or '?' or '!'
            ? $"{Summary} {Detail}"
            : $"{Summary}. {Detail}";
}
