using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Host.Configuration;
using Dbaas.Host.State;

namespace Dbaas.Host.Tests.Configuration;

/// <summary>The generated JSON readers forget property initialisers; a setting or record that lacks a field must still be sound.</summary>
public sealed class HostSettingsFileTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void Given_a_file_without_the_optional_settings_when_read_then_they_have_their_defaults()
    {
        File.WriteAllText(file, Minimal().ToJsonString());

        var settings = HostSettingsFile.Read(file);

        Assert.Equal("", settings.KmsCaFile);
        Assert.Equal(
            (640000, 8.0, 3.0),
            (settings.UidBase, settings.CpuOvercommit, settings.VolumeOvercommit)
        );
    }

    [Fact]
    public void Given_a_file_without_a_required_setting_when_read_then_each_is_named()
    {
        foreach (var (name, _) in Minimal())
        {
            var less = Minimal();
            less.Remove(name);
            File.WriteAllText(file, less.ToJsonString());

            var problem = Assert.Throws<InvalidDataException>(() => HostSettingsFile.Read(file));

            Assert.Contains(name, problem.Message, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Given_records_that_lack_what_a_later_version_added_when_read_then_they_are_alive_and_not_null()
    {
        var machine = JsonSerializer.Deserialize(
            """
            {"id":"mac_1","owner":{"tenantId":"ten_1","instanceId":"ins_1","memberId":"mem_1"},"imageId":"i","volumeId":"vol_1","cpu":1,
             "memoryBytes":1,"iops":0,"engine":"e","engineVersion":"1","enginePort":1,"address":"10.0.0.1","uid":1,"epoch":1}
            """,
            HostStateJson.Default.MachineRecord
        )!;
        var volume = JsonSerializer.Deserialize(
            """
            {"id":"vol_1","owner":{"tenantId":"ten_1","instanceId":"ins_1","memberId":"mem_1"},"sizeBytes":1,"fileSystemBytes":1,"uid":1,
             "epoch":1}
            """,
            HostStateJson.Default.VolumeRecord
        )!;

        Assert.Equal(("", ""), (machine.StartedAt, machine.DestroyedAt));
        Assert.Equal(("", ""), (volume.KeyIdentifier, volume.DestroyedAt));
    }

    private static JsonObject Minimal() =>
        new()
        {
            ["root"] = "/var/lib/x",
            ["installationId"] = "0e57a001",
            ["region"] = "local-a",
            ["listen"] = "127.0.0.1:1",
            ["machineRange"] = "10.201.0.0/16",
            ["endpointRange"] = "127.101.0.0/16",
            ["serviceAddress"] = "10.201.255.1",
            ["controlEndpoint"] = "https://127.0.0.1:1",
            ["controlCaFile"] = "/ca",
            ["enrolTokenFile"] = "/token",
            ["kmsEndpoint"] = "https://127.0.0.1:2",
            ["kmsCredentialsFile"] = "/kms",
            ["etcdClientPort"] = 1,
            ["etcdPeerPort"] = 2,
            ["imageStore"] = "/images",
            ["agentFolder"] = "/agent",
        };
}
