using Dbaas.Protocol.Host;

namespace Dbaas.Host.Images;

/// <summary>
/// The read-only root file systems that containers of an installation start from. Shared by all hosts of the installation: a file
/// lock keeps two of them from building at once. Safe to call from any thread.
/// </summary>
internal interface IImages
{
    /// <summary>
    /// The newest image of an engine's version; builds it from its recipe when the store has none, or in any case with
    /// <paramref name="refresh"/>, to pick up newer packages: those that are the same give the image that is there already. Reports each
    /// stage. A build that was killed leaves nothing behind that counts as an image.
    /// </summary>
    /// <exception cref="ImageException">The recipe is unknown or the build failed; the message names the reason.</exception>
    Task<Image> EnsureAsync(
        string engine,
        string version,
        bool refresh,
        IProgress<ImageProgress> progress,
        CancellationToken cancellationToken
    );

    /// <summary>All finished images, newest first.</summary>
    IReadOnlyList<Image> List();

    /// <summary>The image that <see cref="EnsureAsync"/> would answer with at once, or null when it would build one.</summary>
    /// <exception cref="ImageException">The recipe is unknown.</exception>
    Image? Newest(string engine, string version);

    /// <summary>The image of this id, or null when the store does not hold it.</summary>
    Image? Find(string imageId);
}
