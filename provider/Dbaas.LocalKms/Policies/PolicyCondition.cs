namespace Dbaas.LocalKms.Policies;

/// <summary>One key of a statement's Condition block.</summary>
/// <param name="Operator">One of <see cref="Operators"/>.</param>
/// <param name="Values">Any of them is enough; for the negated operators, none may fit.</param>
internal sealed record PolicyCondition(string Operator, string Key, IReadOnlyList<string> Values)
{
    public static IReadOnlyList<string> Operators { get; } =
    ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"];

    // As in AWS: a request without the key fits none of the values, so the negated operators hold for it.
    public bool Holds(PolicySubject subject)
    {
        var actual = subject.Find(Key);
        var fits = actual is not null && Values.Any(value => Fits(value, actual));
        return Operator.StartsWith("StringNot", StringComparison.Ordinal) ? !fits : fits;
    }

    private bool Fits(string value, string actual) =>
        Operator.EndsWith("Like", StringComparison.Ordinal)
            ? Wildcard.Matches(value, actual)
            : value == actual;
}
