using Pulumi;
using Pulumi.Aws;
using Pulumi.Aws.Ec2;

namespace Dbaas.Stacks.Platform.Aws;

/// <summary>
/// A VPC with three subnets in each zone: public (only the way out), private (control and hosts) and isolated (metadata, no way out). Calls to
/// AWS itself stay inside through endpoints.
/// </summary>
internal sealed class AwsNetwork : ComponentResource
{
    public AwsNetwork(AwsPlatformSettings settings, ComponentResourceOptions? options = null)
        : base("dbaas-stacks:aws:Network", "network", options)
    {
        var child = new CustomResourceOptions { Parent = this };
        var prefix = settings.NetworkPrefix;
        Cidr = $"{prefix}.0.0/16";
        var zones = GetAvailabilityZones.Invoke(new() { State = "available" });
        var vpc = new Vpc(
            "vpc",
            new VpcArgs
            {
                CidrBlock = Cidr,
                EnableDnsSupport = true,
                EnableDnsHostnames = true,
                Tags = { ["Name"] = "dbaas" },
            },
            child
        );
        VpcId = vpc.Id;
        // The group everything falls into that names none: it lets nothing through.
        _ = new DefaultSecurityGroup(
            "closed",
            new DefaultSecurityGroupArgs { VpcId = vpc.Id },
            child
        );
        var gateway = new InternetGateway(
            "internet",
            new InternetGatewayArgs { VpcId = vpc.Id },
            child
        );
        var publicRoutes = new RouteTable("public", new RouteTableArgs { VpcId = vpc.Id }, child);
        _ = new Route(
            "public-out",
            new RouteArgs
            {
                RouteTableId = publicRoutes.Id,
                DestinationCidrBlock = "0.0.0.0/0",
                GatewayId = gateway.Id,
            },
            child
        );
        foreach (var (region, index) in settings.Regions.Select((region, index) => (region, index)))
        {
            var zone = zones.Apply(found => found.Names[index]);
            var open = Subnet($"public-{region}", $"{prefix}.{index}.0/24", zone, child);
            var closed = Subnet($"private-{region}", $"{prefix}.{16 + index}.0/24", zone, child);
            var isolated = Subnet($"isolated-{region}", $"{prefix}.{32 + index}.0/24", zone, child);
            Associate($"public-{region}", open, publicRoutes, child);
            // A way out in each zone: the loss of a zone must not silence another.
            var address = new Eip($"out-{region}", new EipArgs { Domain = "vpc" }, child);
            var nat = new NatGateway(
                $"out-{region}",
                new NatGatewayArgs { AllocationId = address.Id, SubnetId = open.Id },
                new CustomResourceOptions { Parent = this, DependsOn = { gateway } }
            );
            var routes = new RouteTable(
                $"private-{region}",
                new RouteTableArgs { VpcId = vpc.Id },
                child
            );
            _ = new Route(
                $"private-{region}-out",
                new RouteArgs
                {
                    RouteTableId = routes.Id,
                    DestinationCidrBlock = "0.0.0.0/0",
                    NatGatewayId = nat.Id,
                },
                child
            );
            Associate($"private-{region}", closed, routes, child);
            Zones[region] = zone;
            Private[region] = closed;
            Isolated.Add(isolated.Id);
            Routes.Add(routes);
        }
    }

    public string Cidr { get; }
    public Output<string> VpcId { get; }

    /// <summary>Zone by region of the platform.</summary>
    public Dictionary<string, Output<string>> Zones { get; } = new(StringComparer.Ordinal);

    /// <summary>Subnet of control and hosts by region.</summary>
    public Dictionary<string, Subnet> Private { get; } = new(StringComparer.Ordinal);

    /// <summary>Subnets without a way out.</summary>
    public InputList<string> Isolated { get; } = new();

    /// <summary>Route tables of the private subnets.</summary>
    public List<RouteTable> Routes { get; } = [];

    /// <summary>Lets machines reach AWS's own services without leaving the network.</summary>
    /// <param name="settings">Of the platform.</param>
    /// <param name="group">Security group of the endpoints.</param>
    public void AddEndpoints(AwsPlatformSettings settings, Input<string> group)
    {
        var child = new CustomResourceOptions { Parent = this };
        _ = new VpcEndpoint(
            "s3",
            new VpcEndpointArgs
            {
                VpcId = VpcId,
                ServiceName = $"com.amazonaws.{settings.AwsRegion}.s3",
                VpcEndpointType = "Gateway",
                RouteTableIds = Routes.Select(routes => routes.Id).ToArray(),
            },
            child
        );
        foreach (
            var service in (string[])["kms", "secretsmanager", "ssm", "ssmmessages", "ec2messages"]
        )
        {
            _ = new VpcEndpoint(
                service,
                new VpcEndpointArgs
                {
                    VpcId = VpcId,
                    ServiceName = $"com.amazonaws.{settings.AwsRegion}.{service}",
                    VpcEndpointType = "Interface",
                    PrivateDnsEnabled = true,
                    SubnetIds = Private.Values.Select(subnet => subnet.Id).ToArray(),
                    SecurityGroupIds = { group },
                },
                child
            );
        }
    }

    private Subnet Subnet(
        string name,
        string cidr,
        Output<string> zone,
        CustomResourceOptions child
    ) =>
        new(
            name,
            new SubnetArgs
            {
                VpcId = VpcId,
                CidrBlock = cidr,
                AvailabilityZone = zone,
                MapPublicIpOnLaunch = false,
                Tags = { ["Name"] = $"dbaas-{name}" },
            },
            child
        );

    private static void Associate(
        string name,
        Subnet subnet,
        RouteTable routes,
        CustomResourceOptions child
    ) =>
        _ = new RouteTableAssociation(
            name,
            new RouteTableAssociationArgs { SubnetId = subnet.Id, RouteTableId = routes.Id },
            child
        );
}
