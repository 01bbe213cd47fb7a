using System.Collections.Frozen;

namespace Dbaas.LocalKms.Protocol;

/// <summary>All operations by name.</summary>
internal sealed class OperationCatalogue(IEnumerable<IKmsOperation> operations)
{
    private const string TargetPrefix = "TrentService.";

    private readonly FrozenDictionary<string, IKmsOperation> byTarget =
        operations.ToFrozenDictionary(
            operation => TargetPrefix + operation.Name,
            StringComparer.Ordinal
        );

    /// <summary>Null when X-Amz-Target names nothing this service knows.</summary>
    public IKmsOperation? Find(string? target) =>
        target is null ? null : byTarget.GetValueOrDefault(target);
}
