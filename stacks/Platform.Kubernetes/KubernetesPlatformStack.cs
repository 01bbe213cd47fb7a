using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Stacks.Settings;
using Pulumi;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Policy.V1;
using Pulumi.Kubernetes.Types.Inputs.Apps.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Policy.V1;
using Deployment = Pulumi.Kubernetes.Apps.V1.Deployment;

namespace Dbaas.Stacks.Platform.Kubernetes;

/// <summary>The control service on Kubernetes. Hosts, databases and keys live outside; they serve on while it is away.</summary>
public sealed class KubernetesPlatformStack : Stack
{
    private static readonly InputMap<string> Labels = new Dictionary<string, string>
    {
        ["app.kubernetes.io/name"] = "dbaas-control",
        ["app.kubernetes.io/part-of"] = "dbaas",
    };

    public KubernetesPlatformStack()
    {
        var settings = KubernetesPlatformSettings.Read(new Pulumi.Config());
        var space = new Namespace(
            "dbaas",
            new NamespaceArgs
            {
                Metadata = new ObjectMetaArgs
                {
                    Name = settings.Namespace,
                    Labels =
                    {
                        ["pod-security.kubernetes.io/enforce"] = "restricted",
                        ["pod-security.kubernetes.io/enforce-version"] = "latest",
                    },
                },
            }
        );
        var name = space.Metadata.Apply(metadata => metadata.Name);
        var options = new CustomResourceOptions { Parent = space };
        ControlNetwork.Declare(settings, name, Labels, options);
        var account = new ServiceAccount(
            "control",
            new ServiceAccountArgs
            {
                Metadata = Meta(name, "dbaas-control"),
                AutomountServiceAccountToken = false,
            },
            options
        );
        var files = ControlSecret.Files(settings);
        var secret = new Secret(
            "control",
            new SecretArgs
            {
                Metadata = Meta(name, "dbaas-control"),
                Type = "Opaque",
                StringData = files,
            },
            options
        );
        var claim = FirstKeyClaim(settings, name, options);
        var deployment = new Deployment(
            "control",
            new DeploymentArgs
            {
                Metadata = Meta(name, "dbaas-control"),
                Spec = new DeploymentSpecArgs
                {
                    // One, and never two at once: silos listen on loopback here (docs/adr/0140), so two pods would each believe to be the cluster.
                    Replicas = 1,
                    Strategy = new DeploymentStrategyArgs { Type = "Recreate" },
                    RevisionHistoryLimit = 3,
                    Selector = new LabelSelectorArgs { MatchLabels = Labels },
                    Template = ControlPod.Template(
                        settings,
                        Labels,
                        account.Metadata.Apply(metadata => metadata.Name),
                        secret.Metadata.Apply(metadata => metadata.Name),
                        claim.Metadata.Apply(metadata => metadata.Name),
                        Fingerprint(files)
                    ),
                },
            },
            options
        );
        Budget(name, options);
        var service = Service(settings, name, options);
        Deployed = deployment.Metadata.Apply(metadata => $"{metadata.Namespace}/{metadata.Name}");
        Address = service.Metadata.Apply(metadata =>
            $"https://{metadata.Name}.{metadata.Namespace}.svc:{ControlFile.Port}"
        );
        FirstKey = Output.Format(
            $"kubectl -n {name} exec deploy/dbaas-control -- cat {ControlSecret.State}/first-admin-key"
        );
    }

    /// <summary>namespace/name of the deployment.</summary>
    [Output("deployment")]
    public Output<string> Deployed { get; private set; }

    /// <summary>URL of the API inside the cluster.</summary>
    [Output("endpoint")]
    public Output<string> Address { get; private set; }

    /// <summary>Command that shows the first administrator's key; revoke that key once others exist.</summary>
    [Output("firstKeyCommand")]
    public Output<string> FirstKey { get; private set; }

    private static ObjectMetaArgs Meta(Input<string> space, string name) =>
        new()
        {
            Namespace = space,
            Name = name,
            Labels = Labels,
        };

    private static PersistentVolumeClaim FirstKeyClaim(
        KubernetesPlatformSettings settings,
        Input<string> space,
        CustomResourceOptions options
    )
    {
        var spec = new PersistentVolumeClaimSpecArgs
        {
            AccessModes = { "ReadWriteOnce" },
            Resources = new VolumeResourceRequirementsArgs { Requests = { ["storage"] = "1Gi" } },
        };
        // Absent is not the same as empty, which would ask for a volume made by hand.
        if (settings.StorageClass.Length > 0)
        {
            spec.StorageClassName = settings.StorageClass;
        }

        return new PersistentVolumeClaim(
            "first-key",
            new PersistentVolumeClaimArgs
            {
                Metadata = Meta(space, "dbaas-first-key"),
                Spec = spec,
            },
            options
        );
    }

    // A drain may take the only pod, and a broken one never blocks it: databases serve without the control service, which is back in seconds.
    private static void Budget(Input<string> space, CustomResourceOptions options) =>
        _ = new PodDisruptionBudget(
            "control",
            new PodDisruptionBudgetArgs
            {
                Metadata = Meta(space, "dbaas-control"),
                Spec = new PodDisruptionBudgetSpecArgs
                {
                    MaxUnavailable = 1,
                    UnhealthyPodEvictionPolicy = "AlwaysAllow",
                    Selector = new LabelSelectorArgs { MatchLabels = Labels },
                },
            },
            options
        );

    private static Service Service(
        KubernetesPlatformSettings settings,
        Input<string> space,
        CustomResourceOptions options
    )
    {
        var spec = new ServiceSpecArgs
        {
            Type = settings.LoadBalancer ? "LoadBalancer" : "ClusterIP",
            Selector = Labels,
            Ports =
            {
                new ServicePortArgs
                {
                    Name = "api",
                    Port = ControlFile.Port,
                    TargetPort = "api",
                },
            },
        };
        if (settings.LoadBalancer)
        {
            spec.LoadBalancerSourceRanges = settings.ClientNetworks;
            // The client's address is what the API limits and audits by.
            spec.ExternalTrafficPolicy = "Local";
        }

        return new Service(
            "control",
            new ServiceArgs { Metadata = Meta(space, "dbaas-control"), Spec = spec },
            options
        );
    }

    private static Output<string> Fingerprint(Output<ImmutableDictionary<string, string>> files) =>
        files.Apply(contents =>
            Convert.ToHexStringLower(
                SHA256.HashData(
                    Encoding.UTF8.GetBytes(
                        string.Concat(
                            contents
                                .OrderBy(file => file.Key, StringComparer.Ordinal)
                                .Select(file => $"{file.Key}\0{file.Value}\0")
                        )
                    )
                )
            )
        );
}
