using Pulumi;
using Pulumi.Aws.Ebs;
using Pulumi.Aws.Ec2;
using Pulumi.Aws.Ec2.Inputs;

namespace Dbaas.Stacks.Platform.Aws;

/// <summary>
/// A host of databases with a data volume of its own. It enrols by itself. Machine and volume are kept: a new image or script is for new hosts,
/// never a reason to throw one away that holds databases.
/// </summary>
internal sealed class AwsHost : ComponentResource
{
    public AwsHost(
        AwsPlatformSettings settings,
        string region,
        int index,
        AwsNetwork network,
        AwsFirewall firewall,
        AwsKeys keys,
        AwsSecrets secrets,
        Input<string> image,
        string installation,
        ComponentResourceOptions? options = null
    )
        : base("dbaas-stacks:aws:Host", region, options)
    {
        var child = new CustomResourceOptions { Parent = this };
        // Neither range is part of the VPC: machines are the host's own affair, endpoints are routed to it.
        var machines = $"10.{201 + index}";
        EndpointRange = $"10.{101 + index}.0.0/16";
        var profile = MachineRole.Declare(
            $"host-{region}",
            settings,
            keys,
            [secrets.Hosts[region].Arn],
            this
        );
        var volume = new Volume(
            $"data-{region}",
            new VolumeArgs
            {
                AvailabilityZone = network.Zones[region],
                Size = settings.HostVolumeGib,
                Type = "gp3",
                Iops = settings.HostVolumeIops,
                Encrypted = true,
                KmsKeyId = keys.Platform.Arn,
                FinalSnapshot = true,
                Tags = { ["Name"] = $"dbaas-data-{region}" },
            },
            new CustomResourceOptions { Parent = this, Protect = true }
        );
        var machine = new Instance(
            $"host-{region}",
            new InstanceArgs
            {
                Ami = image,
                InstanceType = settings.HostInstanceType,
                SubnetId = network.Private[region].Id,
                VpcSecurityGroupIds = { firewall.Hosts.Id },
                IamInstanceProfile = profile.Name,
                UserData = Output
                    .Tuple(secrets.Hosts[region].Arn, volume.Id)
                    .Apply(parts =>
                        Script(
                            settings,
                            region,
                            machines,
                            EndpointRange,
                            installation,
                            parts.Item1,
                            parts.Item2
                        )
                    ),
                UserDataReplaceOnChange = false,
                // It takes packets for its endpoints, which are not its own address.
                SourceDestCheck = false,
                EbsOptimized = true,
                DisableApiTermination = true,
                Monitoring = true,
                MetadataOptions = new InstanceMetadataOptionsArgs
                {
                    HttpEndpoint = "enabled",
                    HttpTokens = "required",
                    // One hop: a container of a tenant cannot ask for the host's credentials.
                    HttpPutResponseHopLimit = 1,
                },
                RootBlockDevice = new InstanceRootBlockDeviceArgs
                {
                    VolumeSize = 40,
                    VolumeType = "gp3",
                    Encrypted = true,
                    KmsKeyId = keys.Platform.Arn,
                },
                Tags = { ["Name"] = $"dbaas-host-{region}" },
            },
            new CustomResourceOptions
            {
                Parent = this,
                Protect = true,
                IgnoreChanges = { "ami", "userData" },
            }
        );
        _ = new VolumeAttachment(
            $"data-{region}",
            new VolumeAttachmentArgs
            {
                DeviceName = "/dev/sdf",
                InstanceId = machine.Id,
                VolumeId = volume.Id,
                StopInstanceBeforeDetaching = true,
            },
            child
        );
        foreach (var (routes, table) in network.Routes.Select((routes, table) => (routes, table)))
        {
            _ = new Route(
                $"endpoints-{region}-{table}",
                new RouteArgs
                {
                    RouteTableId = routes.Id,
                    DestinationCidrBlock = EndpointRange,
                    NetworkInterfaceId = machine.PrimaryNetworkInterfaceId,
                },
                child
            );
        }
    }

    /// <summary>Addresses of its databases, in CIDR notation; whoever connects from outside the VPC needs a route to it as well.</summary>
    public string EndpointRange { get; }

    private static string Script(
        AwsPlatformSettings settings,
        string region,
        string machines,
        string endpoints,
        string installation,
        string secret,
        string volume
    ) =>
        UserData.Script(
            "host",
            new Dictionary<string, string>
            {
                ["PACKAGES"] = "runc mmdebstrap nftables iproute2 e2fsprogs util-linux curl",
                ["AWS_REGION"] = settings.AwsRegion,
                ["RELEASE_BUCKET"] = settings.ReleaseBucket,
                ["RELEASE_KEY"] = settings.ReleaseKey,
                ["RELEASE_SHA256"] = settings.ReleaseSha256,
                ["HOST_SECRET"] = secret,
                ["DATA_VOLUME"] = volume,
                ["HOST_PORT"] = $"{AwsFirewall.HostPort}",
                ["HOST_NAME"] = settings.HostName,
                ["INSTALLATION_ID"] = installation,
                ["REGION"] = region,
                ["MACHINE_RANGE"] = $"{machines}.0.0/16",
                ["SERVICE_ADDRESS"] = $"{machines}.255.1",
                ["ENDPOINT_RANGE"] = endpoints,
                ["KMS_ENDPOINT"] = AwsSecrets.KeyService(settings),
            }
        );
}
