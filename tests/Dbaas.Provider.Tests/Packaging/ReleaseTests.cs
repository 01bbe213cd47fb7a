using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Terraform;
using Dbaas.Schema;

namespace Dbaas.Provider.Tests.Packaging;

/// <summary>What <c>make dist</c> makes of the provider: the same bytes wherever it runs, in the shape that the tools look for.</summary>
public sealed class ReleaseTests : IDisposable
{
    private const string Version = "1.2.3";
    private readonly string root = Directory.CreateTempSubdirectory("dbaas-release-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Given_two_checkouts_when_archived_then_every_byte_is_the_same()
    {
        var first = await ArchiveAsync("here", "022");
        // Longer, elsewhere, later, and for a user whose files others may not read.
        var second = await ArchiveAsync("somewhere/else/with a space", "077");
        var names = Names(first);
        Assert.Equal(names, Names(second));
        Assert.All(
            names,
            name =>
                Assert.Equal(
                    File.ReadAllBytes(Path.Combine(first, name)),
                    File.ReadAllBytes(Path.Combine(second, name))
                )
        );
    }

    [Fact]
    public async Task Given_an_archive_when_unpacked_then_names_layout_and_modes_are_those_the_tools_ask_for()
    {
        var dist = await ArchiveAsync("dist", "077");
        Assert.Equal(
            [
                $"pulumi-resource-dbaas-v{Version}-linux-amd64.tar.gz",
                $"terraform-provider-dbaas_{Version}_SHA256SUMS",
                $"terraform-provider-dbaas_{Version}_linux_amd64.zip",
                $"terraform-provider-dbaas_{Version}_manifest.json",
            ],
            Names(dist)
        );
        var binary = await File.ReadAllBytesAsync(Binary, TestContext.Current.CancellationToken);
        await using (
            var packed = new GZipStream(
                File.OpenRead(
                    Path.Combine(dist, $"pulumi-resource-dbaas-v{Version}-linux-amd64.tar.gz")
                ),
                CompressionMode.Decompress
            )
        )
        using (var tar = new TarReader(packed))
        {
            var plugin = tar.GetNextEntry(copyData: true)!;
            Assert.Equal("pulumi-resource-dbaas", plugin.Name);
            Assert.Equal((UnixFileMode)0b111_101_101, plugin.Mode);
            Assert.Equal((0, 0), (plugin.Uid, plugin.Gid));
            using var content = new MemoryStream();
            await plugin.DataStream!.CopyToAsync(content, TestContext.Current.CancellationToken);
            Assert.Equal(binary, content.ToArray());
            Assert.Null(tar.GetNextEntry());
        }

        using (
            var zip = ZipFile.OpenRead(
                Path.Combine(dist, $"terraform-provider-dbaas_{Version}_linux_amd64.zip")
            )
        )
        {
            var provider = Assert.Single(zip.Entries);
            Assert.Equal($"terraform-provider-dbaas_v{Version}", provider.FullName);
            Assert.Equal(0b111_101_101, (provider.ExternalAttributes >> 16) & 0b111_111_111);
        }

        var manifest = JsonNode.Parse(
            await File.ReadAllTextAsync(
                Path.Combine(dist, $"terraform-provider-dbaas_{Version}_manifest.json"),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal("6.0", (string?)manifest!["metadata"]!["protocol_versions"]![0]);
        await Script.RunAsync(
            "bash",
            ["-c", "cd \"$0\" && sha256sum --check --strict *_SHA256SUMS", dist]
        );
    }

    [Fact]
    public async Task Given_a_signing_key_when_signed_then_the_signature_verifies_and_a_changed_file_does_not()
    {
        Assert.SkipUnless(Script.IsInstalled("gpg"), "GnuPG is not installed on this machine.");
        var home = Path.Combine(root, "gnupg");
        Directory.CreateDirectory(home);
        await Script.RunAsync("chmod", ["700", home]);
        const string Key = "releases@dbaas.test";
        var variables = new Dictionary<string, string>
        {
            ["GNUPGHOME"] = home,
            ["DBAAS_SIGNING_KEY"] = Key,
        };
        try
        {
            await Script.RunAsync(
                "gpg",
                ["--batch", "--passphrase", "", "--quick-generate-key", Key, "ed25519", "sign"],
                variables
            );
            var sums = Path.Combine(root, "SHA256SUMS");
            await File.WriteAllTextAsync(sums, "0 a\n", TestContext.Current.CancellationToken);
            await Script.RunAsync("build/sign", [sums], variables);
            string[] verify = ["--batch", "--verify", sums + ".sig", sums];
            await Script.RunAsync("gpg", verify, variables);

            await File.AppendAllTextAsync(sums, "1 b\n", TestContext.Current.CancellationToken);
            Assert.NotEqual(0, (await Script.TryAsync("gpg", verify, variables)).Exit);
        }
        finally
        {
            await Script.TryAsync("gpgconf", ["--kill", "gpg-agent"], variables);
        }
    }

    [Fact]
    public async Task Given_no_signing_key_when_signed_then_it_says_that_the_file_is_not()
    {
        var sums = Path.Combine(root, "SHA256SUMS");
        var said = await Script.RunAsync(
            "build/sign",
            [sums],
            new Dictionary<string, string> { ["DBAAS_SIGNING_KEY"] = "" }
        );
        Assert.Contains("SHA256SUMS is not signed", said, StringComparison.Ordinal);
        Assert.False(File.Exists(sums + ".sig"));
    }

    [Fact]
    public async Task Given_the_restored_programs_when_their_bill_is_written_then_it_names_packages_runtime_and_what_the_sdk_needs()
    {
        var (exit, bill, errors) = await Script.TryAsync(
            "build/bill-of-materials",
            [PackageSchema.Embedded.Version]
        );
        Assert.SkipWhen(
            errors.Contains("is missing", StringComparison.Ordinal),
            "Not all programs are restored here: " + errors
        );
        Assert.True(exit == 0, errors);
        var document = JsonNode.Parse(bill)!;
        Assert.Equal("CycloneDX", (string?)document["bomFormat"]);
        var components = document["components"]!.AsArray().Select(one => one!).ToList();
        var names = components.Select(one => (string)one["name"]!).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                "Refit",
                "Npgsql",
                "Microsoft.Orleans.Runtime",
                "Microsoft.NETCore.App.Runtime.linux-x64",
                "Microsoft.AspNetCore.App.Runtime.linux-x64",
                "Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64",
                "Pulumi",
            },
            names
        );
        Assert.All(
            components,
            one =>
            {
                Assert.Equal($"pkg:nuget/{one["name"]}@{one["version"]}", (string?)one["purl"]);
                Assert.Matches("^[0-9]", (string)one["version"]!);
            }
        );
        // Whatever depends on something depends on something that is listed.
        var known = components.Select(one => (string)one["bom-ref"]!).ToHashSet();
        Assert.All(
            document["dependencies"]!
                .AsArray()
                .SelectMany(one => one!["dependsOn"]!.AsArray())
                .Select(one => (string)one!),
            reference => Assert.Contains(reference, known)
        );
    }

    /// <summary>The native one where it was published, else the one built beside the tests: an archive does not care.</summary>
    private static string Binary { get; } =
        new[]
        {
            Path.Combine(
                TerraformFolder.RepositoryRoot(),
                "artifacts/publish/provider/terraform-provider-dbaas"
            ),
            TerraformFolder.Provider,
        }.First(File.Exists);

    private async Task<string> ArchiveAsync(string checkout, string mask)
    {
        var folder = Path.Combine(root, checkout);
        var dist = Path.Combine(folder, "dist");
        Directory.CreateDirectory(dist);
        var binary = Path.Combine(folder, "built");
        File.Copy(Binary, binary);
        File.SetLastWriteTimeUtc(binary, DateTime.UnixEpoch.AddDays(checkout.Length));
        var script = Path.Combine(folder, "archive-provider");
        File.Copy(Path.Combine(TerraformFolder.RepositoryRoot(), "build/archive-provider"), script);
        await Script.RunAsync(
            "bash",
            ["-c", "umask \"$0\"; exec \"$@\"", mask, script, binary, Version, dist],
            new Dictionary<string, string> { ["SOURCE_DATE_EPOCH"] = "1700000000" }
        );
        return dist;
    }

    private static string[] Names(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder)
                .Select(file => Path.GetFileName(file))
                .Order(StringComparer.Ordinal),
        ];
}
