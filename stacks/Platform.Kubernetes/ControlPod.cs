using Dbaas.Stacks.Settings;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Dbaas.Stacks.Platform.Kubernetes;

/// <summary>The pod of the control service, as tight as the strictest pod security standard asks.</summary>
internal static class ControlPod
{
    private const int User = 10001;

    /// <summary>0440: owner and group may read.</summary>
    private const int GroupReadable = 0b100_100_000;

    public static PodTemplateSpecArgs Template(
        KubernetesPlatformSettings settings,
        InputMap<string> labels,
        Input<string> account,
        Input<string> secret,
        Input<string> claim,
        Input<string> fingerprint
    ) =>
        new()
        {
            Metadata = new ObjectMetaArgs
            {
                Labels = labels,
                // A changed secret must restart the service: it reads its files once.
                Annotations = { ["dbaas/settings-sha256"] = fingerprint },
            },
            Spec = new PodSpecArgs
            {
                ServiceAccountName = account,
                AutomountServiceAccountToken = false,
                EnableServiceLinks = false,
                TerminationGracePeriodSeconds = 60,
                SecurityContext = new PodSecurityContextArgs
                {
                    RunAsNonRoot = true,
                    RunAsUser = User,
                    RunAsGroup = User,
                    FsGroup = User,
                    SeccompProfile = new SeccompProfileArgs { Type = "RuntimeDefault" },
                },
                InitContainers = { PrivateFiles(settings) },
                Containers = { Control(settings) },
                Volumes =
                {
                    new VolumeArgs
                    {
                        Name = "given",
                        Secret = new SecretVolumeSourceArgs
                        {
                            SecretName = secret,
                            DefaultMode = GroupReadable,
                        },
                    },
                    new VolumeArgs
                    {
                        Name = "run",
                        EmptyDir = new EmptyDirVolumeSourceArgs
                        {
                            Medium = "Memory",
                            SizeLimit = "8Mi",
                        },
                    },
                    new VolumeArgs
                    {
                        Name = "temporary",
                        EmptyDir = new EmptyDirVolumeSourceArgs
                        {
                            Medium = "Memory",
                            SizeLimit = "64Mi",
                        },
                    },
                    new VolumeArgs
                    {
                        Name = "state",
                        PersistentVolumeClaim = new PersistentVolumeClaimVolumeSourceArgs
                        {
                            ClaimName = claim,
                        },
                    },
                },
            },
        };

    // A mounted secret belongs to root and is readable by the pod's group; the control service refuses keys that others than it can read.
    private static ContainerArgs PrivateFiles(KubernetesPlatformSettings settings) =>
        new()
        {
            Name = "private-files",
            Image = settings.Image,
            Command = { "/bin/sh", "-euc" },
            Args =
            {
                "umask 077; for file in /given/*; do install -m 0600 \"$file\" "
                    + ControlSecret.Folder
                    + "/; done",
            },
            SecurityContext = Tight(),
            Resources = Resources("50m", "32Mi"),
            VolumeMounts =
            {
                new VolumeMountArgs
                {
                    Name = "given",
                    MountPath = "/given",
                    ReadOnly = true,
                },
                new VolumeMountArgs { Name = "run", MountPath = ControlSecret.Folder },
            },
        };

    private static ContainerArgs Control(KubernetesPlatformSettings settings) =>
        new()
        {
            Name = "control",
            Image = settings.Image,
            Args = { "--config", $"{ControlSecret.Folder}/control.json" },
            Ports =
            {
                new ContainerPortArgs { Name = "api", ContainerPortValue = ControlFile.Port },
            },
            SecurityContext = Tight(),
            Resources = Resources("500m", $"{settings.MemoryMib}Mi"),
            // Migrations run before the port opens; ten minutes are plenty and still end a start that hangs.
            StartupProbe = Probe("/healthz", periodSeconds: 5, failures: 120),
            LivenessProbe = Probe("/healthz", periodSeconds: 10, failures: 6),
            // Without its metadata the service can answer nothing; calls go elsewhere, and it is not restarted for it.
            ReadinessProbe = Probe("/readyz", periodSeconds: 5, failures: 2),
            VolumeMounts =
            {
                new VolumeMountArgs
                {
                    Name = "run",
                    MountPath = ControlSecret.Folder,
                    ReadOnly = true,
                },
                new VolumeMountArgs { Name = "state", MountPath = ControlSecret.State },
                new VolumeMountArgs { Name = "temporary", MountPath = "/tmp" },
            },
        };

    private static SecurityContextArgs Tight() =>
        new()
        {
            AllowPrivilegeEscalation = false,
            Privileged = false,
            ReadOnlyRootFilesystem = true,
            Capabilities = new CapabilitiesArgs { Drop = { "ALL" } },
        };

    // No ceiling for the processor: a throttled silo misses heartbeats. Memory is ceiling and promise in one.
    private static ResourceRequirementsArgs Resources(string cpu, string memory) =>
        new()
        {
            Requests = { ["cpu"] = cpu, ["memory"] = memory },
            Limits = { ["memory"] = memory },
        };

    private static ProbeArgs Probe(string path, int periodSeconds, int failures) =>
        new()
        {
            HttpGet = new HTTPGetActionArgs
            {
                Path = path,
                Port = "api",
                Scheme = "HTTPS",
            },
            PeriodSeconds = periodSeconds,
            TimeoutSeconds = 5,
            FailureThreshold = failures,
        };
}
