namespace Dbaas.Provider.Translation;

/// <summary>
/// A value between a plugin protocol and REST. Immutable. Equality is by content: numbers by amount, maps by members; lists in order
/// (sets are compared by <see cref="ValueEquality"/>, which knows the type).
/// </summary>
internal abstract record Value
{
    public static readonly Value Null = new NullValue();

    private Value() { }

    public bool IsNull => this is NullValue;
    public bool IsUnknown => this is Unknown;

    /// <summary>Whether the value and everything in it is known.</summary>
    public virtual bool IsWhollyKnown => true;

    internal sealed record NullValue : Value;

    /// <param name="Refinement">What is known of it all the same, as the host sent it; empty for plain unknown.</param>
    internal sealed record Unknown(ReadOnlyMemory<byte> Refinement) : Value
    {
        public static readonly Unknown Plain = new(ReadOnlyMemory<byte>.Empty);

        public override bool IsWhollyKnown => false;

        public bool Equals(Unknown? other) => other is not null;

        public override int GetHashCode() => 1;
    }

    internal sealed record Bool(bool Content) : Value;

    /// <summary>A value nobody may read in clear. Only Pulumi marks values; Terraform marks attributes.</summary>
    internal sealed record Secret(Value Content) : Value
    {
        public override bool IsWhollyKnown => Content.IsWhollyKnown;
    }

    /// <summary>Something Pulumi can send and no resource here takes.</summary>
    /// <param name="What">What it is, with its article: an asset, an archive.</param>
    internal sealed record Foreign(string What) : Value;

    /// <summary>A number of any size and precision, as its shortest plain decimal text.</summary>
    internal sealed record Number : Value
    {
        /// <exception cref="FormatException">Not a decimal number.</exception>
        public Number(string text) => Digits = PlainDecimal.Normalise(text);

        public string Digits { get; }
    }

    internal sealed record Text(string Content) : Value;

    /// <summary>A list or a set.</summary>
    internal sealed record List(IReadOnlyList<Value> Items) : Value
    {
        public override bool IsWhollyKnown => Items.All(item => item.IsWhollyKnown);

        public bool Equals(List? other) => other is not null && Items.SequenceEqual(other.Items);

        public override int GetHashCode() =>
            Items.Aggregate(17, (hash, item) => HashCode.Combine(hash, item));
    }

    /// <summary>A map or an object.</summary>
    internal sealed record Map(SortedDictionary<string, Value> Members) : Value
    {
        public override bool IsWhollyKnown => Members.Values.All(member => member.IsWhollyKnown);

        /// <summary>The member, or null (the value) when it is not there.</summary>
        public Value this[string name] => Members.GetValueOrDefault(name, Null);

        public bool Equals(Map? other) =>
            other is not null
            && Members.Count == other.Members.Count
            && Members.All(member =>
                other.Members.TryGetValue(member.Key, out var theirs) && member.Value.Equals(theirs)
            );

        public override int GetHashCode() =>
            Members.Aggregate(
                19,
                (hash, member) => HashCode.Combine(hash, member.Key, member.Value)
            );

        /// <summary>A copy with one member set.</summary>
        public Map With(string name, Value value) =>
            new(
                new SortedDictionary<string, Value>(Members, StringComparer.Ordinal)
                {
                    [name] = value,
                }
            );
    }

    public static Map Object(IEnumerable<KeyValuePair<string, Value>> members)
    {
        var sorted = new SortedDictionary<string, Value>(StringComparer.Ordinal);
        foreach (var (name, value) in members)
        {
            sorted[name] = value;
        }

        return new Map(sorted);
    }
}
