using Dbaas.Client.Operations;

namespace Dbaas.Control.Problems;

/// <summary>Keeps an answer readable when nearly everything is wrong.</summary>
internal static class ManyErrors
{
    /// <summary>Errors that are told in full.</summary>
    public const int Most = 50;

    /// <summary>The first errors, and how many more there are.</summary>
    public static IReadOnlyList<FieldProblem> Cut(IReadOnlyList<FieldProblem> errors) =>
        errors.Count <= Most
            ? errors
            :
            [
                .. errors.Take(Most),
                new("", errors[Most].Code, $"{errors.Count - Most} more fields are wrong.", ""),
            ];
}
