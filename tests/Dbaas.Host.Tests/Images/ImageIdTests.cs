using CsCheck;
using Dbaas.Host.Images;

namespace Dbaas.Host.Tests.Images;

public sealed class ImageIdTests
{
    private static readonly Gen<Dictionary<string, string>> Packages = Gen.Dictionary(
        Gen.String[Gen.Char['a', 'z'], 1, 8],
        Gen.String[Gen.Char['0', '9'], 1, 4]
    )[1, 6];

    [Fact]
    public void Given_the_same_packages_in_any_order_when_hashed_then_the_id_is_the_same() =>
        Packages.Sample(packages =>
            ImageId.Compute("r", packages)
            == ImageId.Compute("r", packages.Reverse().ToDictionary(p => p.Key, p => p.Value))
        );

    [Fact]
    public void Given_one_other_version_or_recipe_when_hashed_then_the_id_differs() =>
        Packages.Sample(packages =>
        {
            var changed = new Dictionary<string, string>(packages);
            changed[packages.Keys.First()] += "-1";
            var id = ImageId.Compute("r", packages);
            return id.Length == 16
                && id != ImageId.Compute("r", changed)
                && id != ImageId.Compute("s", packages);
        });
}
