using System.Diagnostics.CodeAnalysis;

namespace Dbaas.LocalKms.Protocol;

/// <summary>A value or the reason why there is none.</summary>
internal readonly struct Outcome<T>
    where T : class
{
    private readonly T? value;
    private readonly KmsRefusal? refusal;

    private Outcome(T? value, KmsRefusal? refusal)
    {
        this.value = value;
        this.refusal = refusal;
    }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(KmsRefusal refusal) => new(null, refusal);

    /// <summary>True with the refusal, or false with the value.</summary>
    public bool Refused([NotNullWhen(true)] out KmsRefusal? why, [NotNullWhen(false)] out T? what)
    {
        why = refusal;
        what = value;
        return refusal is not null;
    }

    /// <summary>Goes on with the value; a refusal stays what it is.</summary>
    public Outcome<TNext> Then<TNext>(Func<T, Outcome<TNext>> next)
        where TNext : class => Refused(out var why, out var what) ? why : next(what);

    public async Task<Outcome<TNext>> ThenAsync<TNext>(Func<T, Task<Outcome<TNext>>> next)
        where TNext : class => Refused(out var why, out var what) ? why : await next(what);
}
