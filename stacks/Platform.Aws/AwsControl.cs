using Dbaas.Stacks.Settings;
using Pulumi;
using Pulumi.Aws.AutoScaling;
using Pulumi.Aws.AutoScaling.Inputs;
using Pulumi.Aws.Ec2;
using Pulumi.Aws.Ec2.Inputs;
using Pulumi.Aws.LB;
using Pulumi.Aws.LB.Inputs;
using Pulumi.Aws.Route53;
using Pulumi.Aws.Route53.Inputs;

namespace Dbaas.Stacks.Platform.Aws;

/// <summary>The control service: one machine that is replaced when it dies, behind an address that stays.</summary>
internal sealed class AwsControl : ComponentResource
{
    public AwsControl(
        AwsPlatformSettings settings,
        AwsNetwork network,
        AwsFirewall firewall,
        AwsKeys keys,
        AwsSecrets secrets,
        AwsMetadata metadata,
        Input<string> image,
        ComponentResourceOptions? options = null
    )
        : base("dbaas-stacks:aws:Control", "control", options)
    {
        var child = new CustomResourceOptions { Parent = this };
        var subnets = network.Private.Values.Select(subnet => subnet.Id).ToArray();
        var profile = MachineRole.Declare(
            "control",
            settings,
            keys,
            [secrets.Control.Arn, metadata.OwnerSecret],
            this
        );
        var script = Output
            .Tuple(secrets.Control.Arn, metadata.OwnerSecret, metadata.Instance.Address)
            .Apply(parts =>
                UserData.Script(
                    "control",
                    new Dictionary<string, string>
                    {
                        ["PACKAGES"] = "postgresql-client curl",
                        ["AWS_REGION"] = settings.AwsRegion,
                        ["RELEASE_BUCKET"] = settings.ReleaseBucket,
                        ["RELEASE_KEY"] = settings.ReleaseKey,
                        ["RELEASE_SHA256"] = settings.ReleaseSha256,
                        ["CONTROL_SECRET"] = parts.Item1,
                        ["OWNER_SECRET"] = parts.Item2,
                        ["METADATA_HOST"] = parts.Item3,
                    }
                )
            );
        var template = new LaunchTemplate(
            "control",
            new LaunchTemplateArgs
            {
                ImageId = image,
                InstanceType = settings.ControlInstanceType,
                UserData = script.Apply(UserData.Base64),
                UpdateDefaultVersion = true,
                IamInstanceProfile = new LaunchTemplateIamInstanceProfileArgs { Arn = profile.Arn },
                VpcSecurityGroupIds = { firewall.Control.Id },
                MetadataOptions = new LaunchTemplateMetadataOptionsArgs
                {
                    HttpEndpoint = "enabled",
                    HttpTokens = "required",
                    HttpPutResponseHopLimit = 1,
                },
                BlockDeviceMappings =
                {
                    new LaunchTemplateBlockDeviceMappingArgs
                    {
                        DeviceName = "/dev/xvda",
                        Ebs = new LaunchTemplateBlockDeviceMappingEbsArgs
                        {
                            VolumeSize = 20,
                            VolumeType = "gp3",
                            Encrypted = "true",
                            KmsKeyId = keys.Platform.Arn,
                            DeleteOnTermination = "true",
                        },
                    },
                },
            },
            child
        );
        var balancer = new LoadBalancer(
            "control",
            new LoadBalancerArgs
            {
                LoadBalancerType = "network",
                Internal = true,
                Subnets = subnets,
                SecurityGroups = { firewall.Balancer.Id },
                EnableDeletionProtection = true,
                EnableCrossZoneLoadBalancing = true,
            },
            child
        );
        var targets = new TargetGroup(
            "control",
            new TargetGroupArgs
            {
                VpcId = network.VpcId,
                Port = ControlFile.Port,
                // TLS ends in the service itself, which takes nothing below 1.3.
                Protocol = "TCP",
                PreserveClientIp = "true",
                DeregistrationDelay = 60,
                HealthCheck = new TargetGroupHealthCheckArgs
                {
                    // Alive, not ready: a metadata database that is away is no reason to replace the machine.
                    Protocol = "HTTPS",
                    Path = "/healthz",
                    Interval = 10,
                    HealthyThreshold = 2,
                    UnhealthyThreshold = 6,
                },
            },
            child
        );
        _ = new Listener(
            "control",
            new ListenerArgs
            {
                LoadBalancerArn = balancer.Arn,
                Port = ControlFile.Port,
                Protocol = "TCP",
                DefaultActions =
                {
                    new ListenerDefaultActionArgs
                    {
                        Type = "forward",
                        TargetGroupArn = targets.Arn,
                    },
                },
            },
            child
        );
        _ = new Group(
            "control",
            new GroupArgs
            {
                // One, and never two at once: silos listen on loopback here (docs/adr/0140).
                MinSize = 0,
                MaxSize = 1,
                DesiredCapacity = 1,
                VpcZoneIdentifiers = subnets,
                HealthCheckType = "ELB",
                HealthCheckGracePeriod = 600,
                TargetGroupArns = { targets.Arn },
                LaunchTemplate = new GroupLaunchTemplateArgs
                {
                    Id = template.Id,
                    Version = template.LatestVersion.Apply(version => $"{version}"),
                },
                InstanceRefresh = new GroupInstanceRefreshArgs
                {
                    Strategy = "Rolling",
                    // Zero: the old machine goes before the new one comes.
                    Preferences = new GroupInstanceRefreshPreferencesArgs
                    {
                        MinHealthyPercentage = 0,
                    },
                },
                Tags =
                {
                    new GroupTagArgs
                    {
                        Key = "Name",
                        Value = "dbaas-control",
                        PropagateAtLaunch = true,
                    },
                },
            },
            child
        );
        var zone = new Zone(
            "api",
            new ZoneArgs
            {
                Name = settings.HostName,
                Vpcs = { new ZoneVpcArgs { VpcId = network.VpcId } },
            },
            child
        );
        _ = new Record(
            "api",
            new RecordArgs
            {
                ZoneId = zone.ZoneId,
                Name = settings.HostName,
                Type = "A",
                Aliases =
                {
                    new RecordAliasArgs
                    {
                        Name = balancer.DnsName,
                        ZoneId = balancer.ZoneId,
                        EvaluateTargetHealth = false,
                    },
                },
            },
            child
        );
    }
}
