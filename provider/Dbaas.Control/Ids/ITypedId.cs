namespace Dbaas.Control.Ids;

/// <summary>
/// An identifier that says what it names: a prefix such as <c>ins_</c> and the 32 hex digits of a UUIDv7, so that ids sort by their
/// time of creation and a wrong kind of id is refused before anything is looked up. Stored in tables as that same text: what an
/// operator reads in a log is what he searches for in SQL.
/// </summary>
/// <typeparam name="TSelf">The id itself.</typeparam>
internal interface ITypedId<TSelf> : IParsable<TSelf>
    where TSelf : struct, ITypedId<TSelf>
{
    /// <summary>Three or four characters with the underscore; part of the public contract.</summary>
    static abstract string Prefix { get; }

    /// <summary>The id of this value.</summary>
    static abstract TSelf From(Guid value);

    /// <summary>The UUID without its prefix.</summary>
    Guid Value { get; }
}
