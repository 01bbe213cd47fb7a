namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>
/// One fault, made for one case: it is injected, healed and then judged. What every fault must leave intact (acknowledged rows, other
/// instances, no orphans) is the run's business and not the fault's.
/// </summary>
internal abstract class Fault
{
    /// <summary>What happens, in a few words.</summary>
    public abstract string Name { get; }

    /// <summary>Number in the list of faults.</summary>
    public abstract int Row { get; }

    /// <summary>What must hold, as the list says it.</summary>
    public abstract string PassLine { get; }

    /// <summary>Longest time without an acknowledged write that the fault may cause; null when the list sets none.</summary>
    public virtual TimeSpan? GapLimit => null;

    /// <summary>How long the database may take to write again before the run calls it broken.</summary>
    public virtual TimeSpan Deadline => TimeSpan.FromSeconds(60);

    /// <summary>Whether the fault also cuts off every other instance of the region for a moment.</summary>
    public virtual bool StrikesAll => false;

    /// <summary>Whether the database is of no use for further cases afterwards.</summary>
    public virtual bool Spends => false;

    /// <summary>Whether it takes minutes, which a bounded sample has not got.</summary>
    public virtual bool TakesMinutes => false;

    /// <summary>Whether nobody can ask the service for anything from its injection until it is healed; in a pair it comes second.</summary>
    public virtual bool TakesService => false;

    /// <summary>Whether a change of the struck database begins with it.</summary>
    public virtual bool BeginsChange => false;

    /// <summary>Whether that change cannot end before it is healed; a second one would rightly be refused meanwhile.</summary>
    public virtual bool HoldsChange => false;

    /// <summary>Whether it ends the struck engine; in a pair, the other then does not insist that the engine lived on.</summary>
    public virtual bool EndsEngine => false;

    /// <summary>Whether no create gets further until it is healed; in a pair it comes after one that waits for a create.</summary>
    public virtual bool TakesKeys => false;

    /// <summary>Whether no create is accepted until it is healed, as no host can be asked; in a pair it comes after one that begins a create.</summary>
    public virtual bool TakesHost => false;

    /// <summary>Where the platform must say what happened.</summary>
    public virtual IReadOnlyList<Evidence> Evidence => [];

    /// <summary>Makes it happen.</summary>
    public abstract Task InjectAsync(Scene scene);

    /// <summary>Takes it away, where it does not end by itself.</summary>
    public virtual Task HealAsync(Scene scene) => Task.CompletedTask;

    /// <summary>Looks at what must hold beside the common promise; throws when it does not, and says what it measured.</summary>
    public virtual Task<IReadOnlyList<Measure>> ProveAsync(Scene scene) =>
        Task.FromResult<IReadOnlyList<Measure>>([]);

    /// <summary>Ends what the case began, even when it failed.</summary>
    public virtual Task EndAsync(Scene scene) => Task.CompletedTask;
}
