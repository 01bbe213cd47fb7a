using Dbaas.Host.Images;
using Dbaas.Protocol.Host;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.Host.Tests;

/// <summary>
/// The real images, from the store that all tests of a run share: built on first use and kept, since a build takes half a minute.
/// </summary>
internal static class TestImages
{
    public static ImageStore Store { get; } =
        new(
            new()
            {
                Folder = Environment.GetEnvironmentVariable("DBAAS_IMAGE_STORE")
                    is { Length: > 0 } shared
                    ? shared
                    : "/var/tmp/dbaas-images",
            },
            TimeProvider.System,
            NullLogger<ImageStore>.Instance
        );

    public static Task<Image> PlatformAsync() =>
        Store.EnsureAsync(
            "platform",
            "",
            refresh: false,
            new Progress<ImageProgress>(),
            TestContext.Current.CancellationToken
        );
}
