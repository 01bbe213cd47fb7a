using System.Text.Json;
using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Initialise;

namespace Dbaas.LocalKms.Tests.Initialise;

public sealed class InitialiseTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly KmsFiles files = new();

    [Fact]
    public void Given_an_initialised_region_when_init_runs_again_then_nothing_changes()
    {
        var before = Snapshot();

        var done = KmsInitialiser.Run(
            files.Data,
            files.Secrets,
            KmsFiles.Region,
            KmsFiles.Account,
            null
        );

        Assert.Empty(done);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void Given_a_second_region_when_it_is_initialised_then_control_has_the_same_identity_in_both()
    {
        var data = Path.Combine(files.Root, "kms-b");

        KmsInitialiser.Run(data, files.Secrets, "test-b", KmsFiles.Account, null);

        var principals = JsonSerializer
            .Deserialize(
                File.ReadAllBytes(Path.Combine(data, "principals.json")),
                FileJson.Default.PrincipalsFile
            )!
            .Principals;
        Assert.Contains(
            principals,
            principal => principal.AccessKeyId == files.Control.AccessKeyId
        );
        Assert.DoesNotContain(
            principals,
            principal => principal.AccessKeyId == files.Host.AccessKeyId
        );
        Assert.True(File.Exists(Path.Combine(files.Secrets, "kms-host-test-b.json")));
    }

    [Fact]
    public void Given_init_when_it_made_files_then_only_their_owner_can_read_them()
    {
        string[] secret =
        [
            Path.Combine(files.Data, "master.key"),
            Path.Combine(files.Data, "principals.json"),
            .. Directory.EnumerateFiles(files.Secrets),
        ];

        Assert.All(secret, path => Assert.Equal(OwnerOnly, File.GetUnixFileMode(path)));
        Assert.Equal(32, new FileInfo(secret[0]).Length);
    }

    [Fact]
    public void Given_keys_without_their_master_key_when_init_runs_then_it_refuses_to_make_another()
    {
        Directory.CreateDirectory(Path.Combine(files.Data, "keys"));
        File.WriteAllText(Path.Combine(files.Data, "keys", "some.json"), "{}");
        File.Delete(Path.Combine(files.Data, "master.key"));

        Assert.Throws<InvalidDataException>(() =>
            KmsInitialiser.Run(files.Data, files.Secrets, KmsFiles.Region, KmsFiles.Account, null)
        );
    }

    public void Dispose() => files.Dispose();

    private Dictionary<string, string> Snapshot() =>
        Directory
            .EnumerateFiles(files.Root, "*", SearchOption.AllDirectories)
            .ToDictionary(path => path, path => Convert.ToHexString(File.ReadAllBytes(path)));
}
