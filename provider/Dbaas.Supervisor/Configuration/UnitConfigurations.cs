using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Native;
using Dbaas.Supervisor.Secrets;

namespace Dbaas.Supervisor.Configuration;

/// <summary>
/// The settings file of each unit, in the words of that program's own settings class. Written only when it differs, because a changed
/// file restarts the unit.
/// </summary>
internal sealed class UnitConfigurations(
    InstallationPaths paths,
    EnrolmentTokens tokens,
    KeyServices keyServices
)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public void Write(Installation installation)
    {
        Write("control", Control(installation), installation.ControlUid);
        foreach (var region in installation.Regions)
        {
            Write($"kms-{region.Name}", KeyService(installation, region), installation.KmsUid);
            Write($"host-{region.Name}", Host(installation, region), 0);
        }
    }

    private JsonObject Control(Installation installation) =>
        new()
        {
            ["listenAddress"] = "127.0.0.1",
            ["port"] = installation.ControlPort,
            ["siloPort"] = installation.SiloPort,
            ["certificateFile"] = paths.Certificate("control"),
            ["keyFile"] = paths.Key("control"),
            ["metadata"] = new JsonObject { ["socketDirectory"] = paths.MetadataSocketFolder },
            ["pki"] = new JsonObject
            {
                ["internalCertificateFile"] = paths.Certificate("internal-ca"),
                ["internalKeyFile"] = paths.Key("internal-ca"),
                ["endpointCertificateFile"] = paths.Certificate("endpoint-ca"),
                ["endpointKeyFile"] = paths.Key("endpoint-ca"),
                ["clientCertificateFile"] = paths.Certificate("control-client"),
                ["clientKeyFile"] = paths.Key("control-client"),
            },
            ["kmsCredentialsFile"] = keyServices.ControlCredentialsFile,
            ["kmsCaFile"] = paths.Certificate("internal-ca"),
            ["firstAdminKeyFile"] = paths.FirstAdminKey,
            ["regions"] = List(
                installation,
                region =>
                    new()
                    {
                        ["name"] = region.Name,
                        ["kmsEndpoint"] = KmsEndpoint(installation, region),
                        ["kmsRegion"] = region.Name,
                        ["hostPrincipal"] = keyServices.HostPrincipal(region.Name),
                        ["driver"] = "host",
                    }
            ),
            ["enrolment"] = List(
                installation,
                region =>
                    new() { ["region"] = region.Name, ["tokenSha256"] = tokens.Ensure(region.Name) }
            ),
        };

    private JsonObject KeyService(Installation installation, InstalledRegion region) =>
        new()
        {
            ["listen"] = $"127.0.0.1:{installation.KmsPort(region)}",
            ["certificateFile"] = paths.Certificate($"kms-{region.Name}"),
            ["certificateKeyFile"] = paths.Key($"kms-{region.Name}"),
            ["dataFolder"] = paths.KmsFolder(region.Name),
            ["region"] = region.Name,
            ["principalsFile"] = Path.Combine(paths.KmsFolder(region.Name), "principals.json"),
        };

    private JsonObject Host(Installation installation, InstalledRegion region) =>
        new()
        {
            ["root"] = paths.Root,
            ["installationId"] = installation.Id,
            ["region"] = region.Name,
            ["listen"] = $"127.0.0.1:{installation.HostPort(region)}",
            ["machineRange"] = region.MachineRange,
            ["endpointRange"] = region.EndpointRange,
            ["serviceAddress"] = region.ServiceAddress,
            ["controlEndpoint"] = installation.ControlEndpoint,
            ["controlCaFile"] = paths.Certificate("endpoint-ca"),
            ["enrolTokenFile"] = paths.EnrolmentToken(region.Name),
            ["kmsEndpoint"] = KmsEndpoint(installation, region),
            ["kmsCaFile"] = paths.Certificate("internal-ca"),
            ["kmsCredentialsFile"] = keyServices.HostCredentialsFile(region.Name),
            ["uidBase"] = installation.UidBase,
            ["etcdClientPort"] = installation.EtcdClientPort(region),
            ["etcdPeerPort"] = installation.EtcdPeerPort(region),
            ["imageStore"] = installation.ImageStore,
            ["agentFolder"] = paths.Agent,
        };

    private static string KmsEndpoint(Installation installation, InstalledRegion region) =>
        $"https://127.0.0.1:{installation.KmsPort(region)}";

    private static JsonArray List(
        Installation installation,
        Func<InstalledRegion, JsonObject> describe
    ) => [.. installation.Regions.Select(describe)];

    private void Write(string unit, JsonObject settings, int owner)
    {
        var content = Encoding.UTF8.GetBytes(settings.ToJsonString(Indented) + "\n");
        var file = paths.ConfigOf(unit);
        if (!File.Exists(file) || !File.ReadAllBytes(file).AsSpan().SequenceEqual(content))
        {
            PrivateFile.Write(file, content, PrivateFile.Secret, owner);
        }
    }
}
