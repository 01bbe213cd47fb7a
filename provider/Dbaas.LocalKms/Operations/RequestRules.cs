using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Policies;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations;

/// <summary>Limits of the KMS API, with refusals worded as AWS words them.</summary>
internal static class RequestRules
{
    public const int MaximumPlaintextBytes = 4096;
    public const int MaximumCiphertextBytes = 6144;
    public const int MaximumGrantTokens = 10;
    private const int MaximumDescriptionLength = 8192;

    public static KmsRefusal? Length(string member, int? length, int minimum, int maximum) =>
        length is null ? Constraint(member, "Member must not be null")
        : length < minimum
            ? Constraint(member, $"Member must have length greater than or equal to {minimum}")
        : length > maximum
            ? Constraint(member, $"Member must have length less than or equal to {maximum}")
        : null;

    public static KmsRefusal? Range(string member, int? value, int minimum, int maximum) =>
        value is null || (value >= minimum && value <= maximum)
            ? null
            : Constraint(member, $"Member must have value between {minimum} and {maximum}");

    public static KmsRefusal? OneOf(
        string member,
        string? value,
        params ReadOnlySpan<string> allowed
    ) =>
        value is null || allowed.Contains(value)
            ? null
            : Constraint(
                member,
                $"Member must satisfy enum value set: [{string.Join(", ", allowed!)}]"
            );

    public static KmsRefusal? Algorithm(string member, string? algorithm) =>
        OneOf(member, algorithm, KeySpecs.SymmetricDefault);

    /// <summary>For members that identify something and hold 1 to <paramref name="maximum"/> characters.</summary>
    public static KmsRefusal? Text(string member, string? value, int maximum) =>
        Length(member, value?.Length, 1, maximum);

    public static KmsRefusal? Description(string? description) =>
        Length("description", description?.Length, 0, MaximumDescriptionLength);

    public static KmsRefusal? Policy(string? text) =>
        Text("policy", text, KeyPolicy.MaximumLength) ?? PolicyShelf.Refuse(text!);

    public static KmsRefusal? GrantTokens(IReadOnlyList<string>? tokens) =>
        Length("grantTokens", tokens?.Count ?? 0, 0, MaximumGrantTokens);

    public static KmsRefusal Constraint(string member, string rule) =>
        KmsRefusal.Validation(
            $"1 validation error detected: Value at '{member}' failed to satisfy constraint: {rule}"
        );
}
