namespace Dbaas.Provider.Inputs;

/// <summary>One step of the way to a value inside a resource.</summary>
internal abstract record InputStep
{
    private InputStep() { }

    /// <param name="Name">A property, by its schema.json name.</param>
    internal sealed record Member(string Name) : InputStep;

    /// <param name="Name">A key of a map, as the user wrote it.</param>
    internal sealed record Key(string Name) : InputStep;

    /// <param name="Position">Place in a list, from 0.</param>
    /// <param name="OfSet">The list has no order, so the place means little.</param>
    internal sealed record Index(int Position, bool OfSet) : InputStep;
}
