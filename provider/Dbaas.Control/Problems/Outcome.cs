using System.Diagnostics.CodeAnalysis;

namespace Dbaas.Control.Problems;

/// <summary>Either the value asked for or the reason it is refused. Both convert implicitly: <c>return value;</c>, <c>return problem;</c>.</summary>
internal readonly record struct Outcome<T>
    where T : notnull
{
    private Outcome(T? value, Problem? problem)
    {
        Value = value;
        Problem = problem;
    }

    public T? Value { get; }

    public Problem? Problem { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool Succeeded => Problem is null;

    /// <summary>For values whose type is an interface, which the language does not convert.</summary>
    public static Outcome<T> Of(T value) => new(value, null);

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Problem problem) => new(default, problem);

    /// <summary>Goes on with the value, or hands the problem on.</summary>
    public Outcome<TNext> Then<TNext>(Func<T, Outcome<TNext>> next)
        where TNext : notnull => Succeeded ? next(Value) : Problem;
}
