using Dbaas.Host.Images;

namespace Dbaas.Host.Tests.Images;

/// <summary>An image's engine version is its server package's, without what Debian puts around it.</summary>
public sealed class UpstreamVersionTests
{
    [Theory]
    [InlineData("18.6-3", "18.6")]
    [InlineData("17.12-0+deb13u1", "17.12")]
    [InlineData("9.7.4-2", "9.7.4")]
    [InlineData("1:11.8.9+ds-0+deb13u1", "11.8.9")]
    [InlineData("18.0~rc1-1", "18.0")]
    [InlineData("18.6", "18.6")]
    public void Given_a_package_version_when_read_then_the_engines_own_is_left(
        string package,
        string version
    ) => Assert.Equal(version, UpstreamVersion.Of(package));
}
