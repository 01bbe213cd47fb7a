using Dbaas.Stacks.Settings;
using Pulumi;
using Pulumi.Aws.Ec2;
using Pulumi.Aws.Vpc;

namespace Dbaas.Stacks.Platform.Aws;

/// <summary>Security groups, one a kind of machine; each rule names who may talk to whom at which port.</summary>
internal sealed class AwsFirewall : ComponentResource
{
    /// <summary>Port at which hosts take the control service's calls.</summary>
    public const int HostPort = 7461;
    private const int Postgres = 5432;
    private const int Https = 443;

    public AwsFirewall(
        AwsPlatformSettings settings,
        AwsNetwork network,
        ComponentResourceOptions? options = null
    )
        : base("dbaas-stacks:aws:Firewall", "firewall", options)
    {
        Balancer = Group("balancer", "Load balancer of the API", network);
        Control = Group("control", "Control service", network);
        Hosts = Group("hosts", "Hosts of databases", network);
        Metadata = Group("metadata", "Metadata PostgreSQL", network);
        Endpoints = Group("endpoints", "Endpoints of AWS services", network);

        foreach (var (client, index) in settings.ClientNetworks.Select((client, i) => (client, i)))
        {
            FromNetwork($"api-{index}", Balancer, client, ControlFile.Port);
            FromNetwork($"postgresql-{index}", Hosts, client, Postgres);
        }

        // Hosts enrol through the API.
        Between("enrol", Hosts, Balancer, ControlFile.Port);
        Between("api", Balancer, Control, ControlFile.Port);
        Between("metadata", Control, Metadata, Postgres);
        Between("control-hosts", Control, Hosts, HostPort);
        Between("control-services", Control, Endpoints, Https);
        Between("host-services", Hosts, Endpoints, Https);
        // Packages of Debian, and the bucket of the release, which is reached through routes and not through an address of its own.
        foreach (
            var (name, group) in ((string, SecurityGroup)[])[("control", Control), ("hosts", Hosts)]
        )
        {
            ToNetwork($"{name}-https", group, "0.0.0.0/0", Https);
            ToNetwork($"{name}-http", group, "0.0.0.0/0", 80);
        }
    }

    public SecurityGroup Balancer { get; }
    public SecurityGroup Control { get; }
    public SecurityGroup Hosts { get; }
    public SecurityGroup Metadata { get; }
    public SecurityGroup Endpoints { get; }

    private SecurityGroup Group(string name, string description, AwsNetwork network) =>
        new(
            name,
            new SecurityGroupArgs
            {
                VpcId = network.VpcId,
                Description = description,
                Tags = { ["Name"] = $"dbaas-{name}" },
            },
            new CustomResourceOptions { Parent = this }
        );

    private void Between(string name, SecurityGroup from, SecurityGroup to, int port)
    {
        _ = new SecurityGroupIngressRule(
            name,
            new SecurityGroupIngressRuleArgs
            {
                SecurityGroupId = to.Id,
                ReferencedSecurityGroupId = from.Id,
                IpProtocol = "tcp",
                FromPort = port,
                ToPort = port,
            },
            new CustomResourceOptions { Parent = this }
        );
        _ = new SecurityGroupEgressRule(
            name,
            new SecurityGroupEgressRuleArgs
            {
                SecurityGroupId = from.Id,
                ReferencedSecurityGroupId = to.Id,
                IpProtocol = "tcp",
                FromPort = port,
                ToPort = port,
            },
            new CustomResourceOptions { Parent = this }
        );
    }

    private void FromNetwork(string name, SecurityGroup group, string network, int port) =>
        _ = new SecurityGroupIngressRule(
            name,
            new SecurityGroupIngressRuleArgs
            {
                SecurityGroupId = group.Id,
                CidrIpv4 = network,
                IpProtocol = "tcp",
                FromPort = port,
                ToPort = port,
            },
            new CustomResourceOptions { Parent = this }
        );

    private void ToNetwork(string name, SecurityGroup group, string network, int port) =>
        _ = new SecurityGroupEgressRule(
            name,
            new SecurityGroupEgressRuleArgs
            {
                SecurityGroupId = group.Id,
                CidrIpv4 = network,
                IpProtocol = "tcp",
                FromPort = port,
                ToPort = port,
            },
            new CustomResourceOptions { Parent = this }
        );
}
