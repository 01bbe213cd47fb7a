namespace Dbaas.Control.Problems;

/// <summary>The value of an outcome that has none: it was done.</summary>
internal readonly record struct Done
{
    public static Done Value => default;
}
