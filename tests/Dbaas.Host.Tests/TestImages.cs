using Dbaas.Host.Images;
using Dbaas.Protocol.Host;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.Host.Tests;

/// <summary>The real images, built on first use and kept between runs: a build takes half a minute.</summary>
internal static class TestImages
{
    public static ImageStore Store { get; } =
        new(
            new()
            {
                Folder =
                    Environment.GetEnvironmentVariable("DBAAS_TEST_IMAGES")
                    ?? "/var/tmp/dbaas-test-images",
            },
            TimeProvider.System,
            NullLogger<ImageStore>.Instance
        );

    public static Task<Image> PlatformAsync() =>
        Store.EnsureAsync(
            "platform",
            "",
            new Progress<ImageProgress>(),
            TestContext.Current.CancellationToken
        );
}
