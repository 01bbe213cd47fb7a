using System.Collections.Immutable;
using Dbaas.Stacks.Settings;
using Pulumi;
using Pulumi.Kubernetes.Networking.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Dbaas.Stacks.Platform.Kubernetes;

/// <summary>Nothing may talk in the namespace but what is named here.</summary>
internal static class ControlNetwork
{
    public static void Declare(
        KubernetesPlatformSettings settings,
        Input<string> space,
        InputMap<string> labels,
        CustomResourceOptions options
    )
    {
        _ = new NetworkPolicy(
            "deny-all",
            new NetworkPolicyArgs
            {
                Metadata = new ObjectMetaArgs { Namespace = space, Name = "deny-all" },
                Spec = new NetworkPolicySpecArgs
                {
                    PodSelector = new LabelSelectorArgs(),
                    PolicyTypes = { "Ingress", "Egress" },
                },
            },
            options
        );
        _ = new NetworkPolicy(
            "control",
            new NetworkPolicyArgs
            {
                Metadata = new ObjectMetaArgs { Namespace = space, Name = "control" },
                Spec = new NetworkPolicySpecArgs
                {
                    PodSelector = new LabelSelectorArgs { MatchLabels = labels },
                    PolicyTypes = { "Ingress", "Egress" },
                    Ingress =
                    {
                        new NetworkPolicyIngressRuleArgs
                        {
                            From = Networks([
                                .. settings.ClientNetworks,
                                // Hosts enrol through the API.
                                .. settings.Regions.Select(region => region.HostNetwork),
                            ]),
                            Ports = { Tcp(ControlFile.Port) },
                        },
                    },
                    Egress = Egress(settings),
                },
            },
            options
        );
    }

    private static InputList<NetworkPolicyEgressRuleArgs> Egress(
        KubernetesPlatformSettings settings
    ) =>
        new NetworkPolicyEgressRuleArgs[]
        {
            new()
            {
                To =
                {
                    new NetworkPolicyPeerArgs
                    {
                        NamespaceSelector = new LabelSelectorArgs
                        {
                            MatchLabels = { ["kubernetes.io/metadata.name"] = "kube-system" },
                        },
                        PodSelector = new LabelSelectorArgs
                        {
                            MatchLabels = { ["k8s-app"] = "kube-dns" },
                        },
                    },
                },
                Ports =
                {
                    new NetworkPolicyPortArgs { Port = 53, Protocol = "UDP" },
                    Tcp(53),
                },
            },
            new()
            {
                To = Networks([settings.MetadataNetwork]),
                Ports = { Tcp(settings.MetadataPort) },
            },
            new()
            {
                To = Networks([settings.KmsNetwork]),
                Ports = Ports(settings.Regions.Select(region => new Uri(region.KmsEndpoint).Port)),
            },
        }
            .Concat(
                settings.Regions.Select(region => new NetworkPolicyEgressRuleArgs
                {
                    To = Networks([region.HostNetwork]),
                    Ports = { Tcp(region.HostPort) },
                })
            )
            .ToArray();

    private static InputList<NetworkPolicyPeerArgs> Networks(ImmutableArray<string> networks) =>
        networks
            .Distinct(StringComparer.Ordinal)
            .Select(network => new NetworkPolicyPeerArgs
            {
                IpBlock = new IPBlockArgs { Cidr = network },
            })
            .ToArray();

    private static InputList<NetworkPolicyPortArgs> Ports(IEnumerable<int> ports) =>
        ports.Distinct().Select(Tcp).ToArray();

    private static NetworkPolicyPortArgs Tcp(int port) => new() { Port = port, Protocol = "TCP" };
}
