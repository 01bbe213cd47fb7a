using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Tagging;

/// <summary>Limits of tags on a key.</summary>
internal static class TagRules
{
    public const int MaximumPerKey = 50;
    private const int MaximumKeyLength = 128;
    private const int MaximumValueLength = 256;
    private const string Reserved = "aws:";

    /// <summary>Tags that one request brings.</summary>
    public static KmsRefusal? Refuse(IReadOnlyList<KeyTag> tags) =>
        RequestRules.Length("tags", tags.Count, 0, MaximumPerKey)
        ?? (
            tags.All(IsValid) && tags.DistinctBy(tag => tag.TagKey).Count() == tags.Count
                ? null
                : new KmsRefusal(
                    "TagException",
                    $"Tag keys are unique, 1 to {MaximumKeyLength} characters and do not start with {Reserved}; values hold up to {MaximumValueLength}."
                )
        );

    public static KmsRefusal TooMany(string keyArn) =>
        KmsRefusal.LimitExceeded($"{keyArn} would have more than {MaximumPerKey} tags.");

    private static bool IsValid(KeyTag tag) =>
        tag.TagKey is { Length: >= 1 and <= MaximumKeyLength }
        && !tag.TagKey.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase)
        && tag.TagValue is { Length: <= MaximumValueLength };
}
