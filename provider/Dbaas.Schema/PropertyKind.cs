namespace Dbaas.Schema;

/// <summary>The shapes a value of schema.json can have.</summary>
public enum PropertyKind
{
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Map,
    Object,
}
