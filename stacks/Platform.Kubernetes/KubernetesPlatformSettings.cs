using System.Collections.Immutable;
using Dbaas.Stacks.Settings;
using Pulumi;

namespace Dbaas.Stacks.Platform.Kubernetes;

/// <summary>What can be set of a control service on Kubernetes.</summary>
public sealed record KubernetesPlatformSettings
{
    public required string Namespace { get; init; }

    /// <summary>Image of the control service by digest: a tag could become another program overnight.</summary>
    public required string Image { get; init; }

    /// <summary>Who may call the API, in CIDR notation.</summary>
    public required ImmutableArray<string> ClientNetworks { get; init; }

    /// <summary>Whether a load balancer outside the cluster carries the API.</summary>
    public required bool LoadBalancer { get; init; }
    public required string MetadataHost { get; init; }
    public required int MetadataPort { get; init; }
    public required string MetadataDatabase { get; init; }

    /// <summary>Network of the metadata PostgreSQL.</summary>
    public required string MetadataNetwork { get; init; }

    /// <summary>PEM authority of the metadata PostgreSQL's certificate.</summary>
    public required string MetadataCa { get; init; }

    /// <summary>Network of the key services.</summary>
    public required string KmsNetwork { get; init; }

    /// <summary>PEM authorities of the key services' certificates.</summary>
    public required string KmsCa { get; init; }
    public required ImmutableArray<PlatformRegion> Regions { get; init; }

    /// <summary>Class of the small volume that keeps the first administrator's key; empty: the cluster's default.</summary>
    public required string StorageClass { get; init; }

    /// <summary>Memory of the control service in MiB.</summary>
    public required int MemoryMib { get; init; }

    /// <summary>Files of the authorities by name.</summary>
    public required Output<ImmutableDictionary<string, string>> Pki { get; init; }

    /// <summary>Enrolment token by region.</summary>
    public required Output<ImmutableDictionary<string, string>> EnrolmentTokens { get; init; }

    /// <summary>Password of the roles owner, app and platform.</summary>
    public required Output<ImmutableDictionary<string, string>> MetadataPasswords { get; init; }

    /// <summary>accessKeyId and secretAccessKey of the control service's principal.</summary>
    public required Output<ImmutableDictionary<string, string>> KmsCredentials { get; init; }

    /// <exception cref="StackSettingsException">Something is wrong; the message lists all of it.</exception>
    public static KubernetesPlatformSettings Read(Config config)
    {
        const string certificate =
            "-----BEGIN CERTIFICATE-----[\\s\\S]+-----END CERTIFICATE-----\\s*";
        var settings = new StackSettings(config);
        var regions = settings.Regions("regions");
        var read = new KubernetesPlatformSettings
        {
            Namespace = settings.Text(
                "namespace",
                "dbaas",
                Patterns.Name,
                "a namespace, e.g. dbaas"
            ),
            Image = settings.Required(
                "image",
                "[^\\s@]+@sha256:[0-9a-f]{64}",
                "an image with its digest, e.g. registry.example/dbaas-control@sha256:…"
            ),
            ClientNetworks = settings.List(
                "clientNetworks",
                [],
                Patterns.Network,
                "a list of networks that may call the API, e.g. [\"10.0.0.0/8\"]"
            ),
            LoadBalancer = settings.Flag("loadBalancer", false),
            MetadataHost = settings.Required(
                "metadataHost",
                "[A-Za-z0-9.-]+",
                "the host of the metadata PostgreSQL"
            ),
            MetadataPort = settings.Number("metadataPort", 5432, 1, 65535, "a TCP port"),
            MetadataDatabase = settings.Text(
                "metadataDatabase",
                "dbaas",
                Patterns.Database,
                "a database name"
            ),
            MetadataNetwork = settings.Required(
                "metadataNetwork",
                Patterns.Network,
                "the network of the metadata PostgreSQL, e.g. 10.30.0.0/24"
            ),
            MetadataCa = settings.Required(
                "metadataCa",
                certificate,
                "the PEM authority of the metadata PostgreSQL"
            ),
            KmsNetwork = settings.Required(
                "kmsNetwork",
                Patterns.Network,
                "the network of the key services"
            ),
            KmsCa = settings.Required(
                "kmsCa",
                certificate,
                "the PEM authorities of the key services"
            ),
            Regions = regions,
            StorageClass = settings.Text("storageClass", "", "[a-z0-9.-]*", "a storage class"),
            MemoryMib = settings.Number("memoryMib", 1024, 512, 65536, "MiB"),
            Pki = settings.Secrets("pki", [.. ControlFile.PkiFiles]),
            EnrolmentTokens = settings.Secrets("enrolmentTokens", [.. regions.Select(r => r.Name)]),
            MetadataPasswords = settings.Secrets("metadataPasswords", "owner", "app", "platform"),
            KmsCredentials = settings.Secrets("kmsCredentials", "accessKeyId", "secretAccessKey"),
        };
        settings.Rule(
            read.ClientNetworks.Length > 0,
            $"{StackSettings.FullKey("clientNetworks")}: name the networks that may call the API; nobody could otherwise."
        );
        settings.Rule(
            !read.ClientNetworks.Contains("0.0.0.0/0", StringComparer.Ordinal),
            $"{StackSettings.FullKey("clientNetworks")}: name networks of yours; 0.0.0.0/0 would be everybody."
        );
        settings.ThrowIfWrong();
        return read;
    }
}
