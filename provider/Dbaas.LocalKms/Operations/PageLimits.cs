namespace Dbaas.LocalKms.Operations;

/// <summary>How many entries a page holds: without a limit in the request, and at most. Both are the KMS API's, list by list.</summary>
internal sealed record PageLimits(int Usual, int Maximum)
{
    public static PageLimits Keys { get; } = new(100, 1000);
    public static PageLimits Policies { get; } = new(100, 1000);
    public static PageLimits Rotations { get; } = new(100, 1000);
    public static PageLimits Grants { get; } = new(50, 100);
    public static PageLimits Aliases { get; } = new(50, 100);
    public static PageLimits Tags { get; } = new(50, 50);
}
