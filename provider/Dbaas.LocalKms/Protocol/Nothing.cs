namespace Dbaas.LocalKms.Protocol;

/// <summary>The answer of operations that have none.</summary>
internal sealed record Nothing
{
    public static Nothing Value { get; } = new();
}
