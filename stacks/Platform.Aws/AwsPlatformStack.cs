using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Stacks.Settings;
using Pulumi;
using Pulumi.Aws.Ec2;
using Pulumi.Aws.Ec2.Inputs;

namespace Dbaas.Stacks.Platform.Aws;

/// <summary>A whole platform in one region of AWS: network, keys, metadata, control service, and a host in each zone.</summary>
public sealed class AwsPlatformStack : Stack
{
    private const string DebianAccount = "136693071363";

    public AwsPlatformStack()
    {
        var settings = AwsPlatformSettings.Read(new Pulumi.Config(), new Pulumi.Config("aws"));
        var network = new AwsNetwork(settings);
        var firewall = new AwsFirewall(settings, network);
        network.AddEndpoints(settings, firewall.Endpoints.Id);
        var keys = new AwsKeys(settings);
        var secrets = new AwsSecrets(settings, keys);
        var metadata = new AwsMetadata(settings, network, firewall, keys);
        var image = Image(settings);
        _ = new AwsControl(settings, network, firewall, keys, secrets, metadata, image);
        var hosts = settings
            .Regions.Select(
                (region, index) =>
                    (
                        Region: region,
                        Host: new AwsHost(
                            settings,
                            region,
                            index,
                            network,
                            firewall,
                            keys,
                            secrets,
                            image,
                            InstallationId()
                        )
                    )
            )
            .ToList();
        Endpoint = Output.Create($"https://{settings.HostName}:{ControlFile.Port}");
        EndpointRanges = Output.Create(
            hosts.ToImmutableDictionary(entry => entry.Region, entry => entry.Host.EndpointRange)
        );
        PlatformKey = keys.Platform.Arn;
        FirstKey = Output.Create(
            $"aws ssm start-session --document-name AWS-StartInteractiveCommand --parameters command='sudo cat {AwsSecrets.State}/first-admin-key' --target INSTANCE"
        );
    }

    /// <summary>URL of the API inside the VPC.</summary>
    [Output("endpoint")]
    public Output<string> Endpoint { get; private set; }

    /// <summary>Addresses of databases by region; peered networks need routes to them.</summary>
    [Output("endpointRanges")]
    public Output<ImmutableDictionary<string, string>> EndpointRanges { get; private set; }

    /// <summary>ARN of the platform's own key.</summary>
    [Output("platformKey")]
    public Output<string> PlatformKey { get; private set; }

    /// <summary>Command that shows the first administrator's key; revoke that key once others exist.</summary>
    [Output("firstKeyCommand")]
    public Output<string> FirstKey { get; private set; }

    private static Output<string> Image(AwsPlatformSettings settings) =>
        settings.ImageId.Length > 0
            ? Output.Create(settings.ImageId)
            : GetAmi
                .Invoke(
                    new GetAmiInvokeArgs
                    {
                        MostRecent = true,
                        Owners = { DebianAccount },
                        Filters =
                        {
                            new GetAmiFilterInputArgs
                            {
                                Name = "name",
                                Values = { "debian-12-amd64-*" },
                            },
                            new GetAmiFilterInputArgs
                            {
                                Name = "architecture",
                                Values = { "x86_64" },
                            },
                        },
                    }
                )
                .Apply(found => found.Id);

    // The same for the life of the stack; kernel objects of its hosts carry it.
    private static string InstallationId() =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    $"{Deployment.Instance.ProjectName}/{Deployment.Instance.StackName}"
                )
            )
        )[..8];
}
