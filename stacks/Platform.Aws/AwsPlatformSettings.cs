using System.Collections.Immutable;
using Dbaas.Stacks.Settings;
using Pulumi;

namespace Dbaas.Stacks.Platform.Aws;

/// <summary>What can be set of a platform on AWS. One AWS region; each zone is a region of the platform.</summary>
public sealed record AwsPlatformSettings
{
    /// <summary>Region of AWS, from <c>aws:region</c>.</summary>
    public required string AwsRegion { get; init; }

    /// <summary>First two numbers of the VPC's /16, e.g. 10.20.</summary>
    public required string NetworkPrefix { get; init; }

    /// <summary>DNS name of the API inside the VPC; the certificate of the control service carries it.</summary>
    public required string HostName { get; init; }

    /// <summary>Who may call the API and connect to databases, in CIDR notation.</summary>
    public required ImmutableArray<string> ClientNetworks { get; init; }

    /// <summary>Names of the platform's regions; each gets a zone of its own and a host.</summary>
    public required ImmutableArray<string> Regions { get; init; }
    public required string ControlInstanceType { get; init; }
    public required string HostInstanceType { get; init; }

    /// <summary>Size of each host's data volume in GiB.</summary>
    public required int HostVolumeGib { get; init; }

    /// <summary>Operations a second of each host's data volume.</summary>
    public required int HostVolumeIops { get; init; }
    public required string MetadataInstanceClass { get; init; }
    public required string MetadataEngineVersion { get; init; }

    /// <summary>Image of Debian 12 for x86-64; empty: the newest official one.</summary>
    public required string ImageId { get; init; }

    /// <summary>Bucket with the platform archive that `make dist` writes.</summary>
    public required string ReleaseBucket { get; init; }

    /// <summary>Key of the archive in the bucket.</summary>
    public required string ReleaseKey { get; init; }

    /// <summary>SHA-256 of the archive; machines refuse another.</summary>
    public required string ReleaseSha256 { get; init; }

    /// <summary>Files of the authorities by name.</summary>
    public required Output<ImmutableDictionary<string, string>> Pki { get; init; }

    /// <summary>Enrolment token by region.</summary>
    public required Output<ImmutableDictionary<string, string>> EnrolmentTokens { get; init; }

    /// <summary>Password of the roles app and platform; the owner's is drawn and rotated by AWS.</summary>
    public required Output<ImmutableDictionary<string, string>> MetadataPasswords { get; init; }

    /// <exception cref="StackSettingsException">Something is wrong; the message lists all of it.</exception>
    public static AwsPlatformSettings Read(Config config, Config aws)
    {
        ArgumentNullException.ThrowIfNull(aws);
        var settings = new StackSettings(config);
        var awsRegion = aws.Get("region") ?? "";
        var regions = settings.List(
            "regions",
            ["aws-a", "aws-b"],
            Patterns.Name,
            "a list of names for the platform's regions, e.g. [\"aws-a\", \"aws-b\"]"
        );
        var read = new AwsPlatformSettings
        {
            AwsRegion = awsRegion,
            NetworkPrefix = settings.Text(
                "networkPrefix",
                "10.20",
                @"(?:10\.(?:25[0-5]|2[0-4]\d|1?\d?\d)|172\.(?:1[6-9]|2\d|3[01])|192\.168)",
                "the first two numbers of a private /16, e.g. 10.20"
            ),
            HostName = settings.Required(
                "hostName",
                Patterns.HostName,
                "a DNS name, e.g. dbaas.internal.example"
            ),
            ClientNetworks = settings.List(
                "clientNetworks",
                [],
                Patterns.Network,
                "a list of networks that may connect, e.g. [\"10.0.0.0/8\"]"
            ),
            Regions = regions,
            ControlInstanceType = settings.Text(
                "controlInstanceType",
                "m7i.large",
                "[a-z0-9-]+\\.[a-z0-9]+",
                "an instance type"
            ),
            HostInstanceType = settings.Text(
                "hostInstanceType",
                "m7i.2xlarge",
                "[a-z0-9-]+\\.[a-z0-9]+",
                "an instance type"
            ),
            HostVolumeGib = settings.Number("hostVolumeGib", 500, 50, 16384, "GiB"),
            HostVolumeIops = settings.Number(
                "hostVolumeIops",
                6000,
                3000,
                16000,
                "operations a second"
            ),
            MetadataInstanceClass = settings.Text(
                "metadataInstanceClass",
                "db.m7g.large",
                "db\\.[a-z0-9-]+\\.[a-z0-9]+",
                "a class of RDS"
            ),
            MetadataEngineVersion = settings.Text(
                "metadataEngineVersion",
                "17",
                "(?:1[5-9])(?:\\.\\d+)?",
                "a version of PostgreSQL, 15 or newer"
            ),
            ImageId = settings.Text(
                "imageId",
                "",
                "(?:ami-[0-9a-f]{8,17})?",
                "the id of an image, ami-…"
            ),
            ReleaseBucket = settings.Required(
                "releaseBucket",
                "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
                "the bucket that holds the platform archive"
            ),
            ReleaseKey = settings.Required(
                "releaseKey",
                "[A-Za-z0-9._/-]+\\.tar\\.gz",
                "the key of dbaas-platform-v….tar.gz in the bucket"
            ),
            ReleaseSha256 = settings.Required(
                "releaseSha256",
                "[0-9a-f]{64}",
                "the archive's SHA-256 from SHA256SUMS, 64 hex digits"
            ),
            Pki = settings.Secrets("pki", [.. ControlFile.PkiFiles]),
            EnrolmentTokens = settings.Secrets("enrolmentTokens", [.. regions]),
            MetadataPasswords = settings.Secrets("metadataPasswords", "app", "platform"),
        };
        settings.Rule(
            awsRegion.Length > 0,
            "aws:region: write the region of AWS, e.g. eu-central-1."
        );
        settings.Rule(
            read.Regions.Length is >= 2 and <= 6,
            $"{StackSettings.FullKey("regions")}: name 2 to 6; the metadata database needs two zones."
        );
        settings.Rule(
            read.Regions.Distinct(StringComparer.Ordinal).Count() == read.Regions.Length,
            $"{StackSettings.FullKey("regions")}: name each region once."
        );
        settings.Rule(
            read.ClientNetworks.Length > 0
                && !read.ClientNetworks.Contains("0.0.0.0/0", StringComparer.Ordinal),
            $"{StackSettings.FullKey("clientNetworks")}: name networks of yours; 0.0.0.0/0 would be everybody."
        );
        settings.ThrowIfWrong();
        return read;
    }
}
