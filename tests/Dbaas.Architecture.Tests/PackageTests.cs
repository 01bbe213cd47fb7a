using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Dbaas.Architecture.Tests;

/// <summary>
/// What can be known about dependencies without an advisory feed: which there are, in exactly one version each, none by accident. Whether
/// one of them has a known hole only `make audit` can say, where a feed is reachable.
/// </summary>
public sealed partial class PackageTests
{
    private static readonly XElement s_versions = XElement.Parse(
        Repository.Read("Directory.Packages.props")
    );

    /// <summary>Packages that their makers have given up or renamed; each has a successor, and none comes in again by another way.</summary>
    private static readonly Dictionary<string, string> s_givenUp = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["Newtonsoft.Json.Bson"] = "System.Text.Json",
        ["System.Data.SqlClient"] = "Microsoft.Data.SqlClient",
        ["Microsoft.Azure.KeyVault"] = "none is needed",
        ["Microsoft.IdentityModel.Clients.ActiveDirectory"] = "none is needed",
        ["Grpc.Core"] = "Grpc.Net.Client",
        ["MySql.Data"] = "MySqlConnector",
        ["xunit"] = "xunit.v3",
        ["AWSSDK.Core.Legacy"] = "AWSSDK.KeyManagementService",
    };

    private static IEnumerable<XElement> Pinned => s_versions.Descendants("PackageVersion");

    [Fact]
    public void Given_the_pinned_versions_then_each_is_one_exact_version_and_named_once()
    {
        Assert.Equal(
            [],
            Pinned
                .Where(one => !ExactVersion().IsMatch((string)one.Attribute("Version")!))
                .Select(one => one.ToString())
        );
        Assert.Equal(
            [],
            Pinned
                .GroupBy(one => (string)one.Attribute("Include")!, StringComparer.OrdinalIgnoreCase)
                .Where(same => same.Count() > 1)
                .Select(same => same.Key)
        );
        Assert.Equal(
            "true",
            (string)s_versions.Descendants("CentralPackageTransitivePinningEnabled").Single()
        );
    }

    [Fact]
    public void Given_the_projects_then_none_names_a_version_of_its_own() =>
        Assert.Equal(
            [],
            Projects()
                .Where(file =>
                    XElement
                        .Parse(Repository.Read(file))
                        .Descendants("PackageReference")
                        .Any(one =>
                            one.Attribute("Version") is not null
                            || one.Attribute("VersionOverride") is not null
                        )
                )
        );

    [Fact]
    public void Given_what_was_restored_then_every_package_came_in_one_version_and_none_is_given_up()
    {
        var restored = Projects()
            .Select(file =>
                Path.Combine(
                    Repository.Root,
                    Path.GetDirectoryName(file)!,
                    "obj/project.assets.json"
                )
            )
            .Where(File.Exists)
            .SelectMany(file => JsonNode.Parse(File.ReadAllText(file))!["libraries"]!.AsObject())
            .Where(library => (string?)library.Value!["type"] == "package")
            .Select(library => library.Key.Split('/'))
            .Select(parts => (Name: parts[0], Version: parts[1]))
            .Distinct()
            .ToArray();

        Assert.True(restored.Length > 50);
        Assert.Equal([], restored.Select(one => one.Name).Where(s_givenUp.ContainsKey));
        var pinned = Pinned.ToDictionary(
            one => (string)one.Attribute("Include")!,
            one => (string)one.Attribute("Version")!,
            StringComparer.OrdinalIgnoreCase
        );
        Assert.Equal(
            [],
            restored
                .Where(one =>
                    pinned.TryGetValue(one.Name, out var version) && version != one.Version
                )
                .Select(one => $"{one.Name} {one.Version} instead of {pinned[one.Name]}")
        );
    }

    private static IEnumerable<string> Projects() =>
        Directory
            .EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.StartsWith("artifacts/", StringComparison.Ordinal));

    [GeneratedRegex(@"^\d+(\.\d+){1,3}$")]
    private static partial Regex ExactVersion();
}
