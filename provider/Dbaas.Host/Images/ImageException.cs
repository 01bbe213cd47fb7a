namespace Dbaas.Host.Images;

/// <summary>An image could not be made. <see cref="Exception.Message"/> is written for the operator.</summary>
/// <param name="code">Stable: image.recipe_unknown, image.recipe_invalid, image.package_missing, image.mirror_unreachable, image.build_failed, image.tool_missing.</param>
/// <param name="message">What went wrong and, where known, what would help.</param>
/// <param name="retryable">Whether the same call may succeed later without anybody changing anything.</param>
internal sealed class ImageException(string code, string message, bool retryable)
    : Exception(message)
{
    public string Code { get; } = code;

    public bool Retryable { get; } = retryable;
}
