using System.Net;

namespace Dbaas.Host.Configuration;

/// <summary>
/// Settings of one host daemon, one region. Written by the supervisor to <c>config/host-REGION.json</c> and handed over with
/// <c>--config</c>. Paths are absolute. The generated reader assigns null or 0 to optional settings that the file leaves out, hence the
/// accessors that bring back their defaults.
/// </summary>
public sealed record HostSettings
{
    /// <summary>Root folder of the installation (<c>DBAAS_ROOT</c>). This region's own state lies in <c>hosts/REGION</c> below it.</summary>
    public required string Root { get; init; }

    /// <summary>Eight hex digits that every kernel object of the installation carries in its name.</summary>
    public required string InstallationId { get; init; }

    /// <summary>Region this host belongs to, e.g. <c>local-a</c>.</summary>
    public required string Region { get; init; }

    /// <summary>host:port of the mTLS gRPC interface.</summary>
    public required string Listen { get; init; }

    /// <summary>IPv4 /16 from which every tenant gets a /24, e.g. <c>10.201.0.0/16</c>. Must differ between hosts of one box.</summary>
    public required string MachineRange { get; init; }

    /// <summary>Addresses of endpoints, e.g. <c>127.101.0.0/16</c>.</summary>
    public required string EndpointRange { get; init; }

    /// <summary>Address of the region's store as machines see it; inside the last /24 of <see cref="MachineRange"/>.</summary>
    public required string ServiceAddress { get; init; }

    /// <summary>URL of the control service, e.g. <c>https://127.0.0.1:7443</c>.</summary>
    public required string ControlEndpoint { get; init; }

    /// <summary>PEM file of the authority behind the control service's certificate.</summary>
    public required string ControlCaFile { get; init; }

    /// <summary>File with the enrolment token; read on the first start and whenever certificates are renewed, so it stays where it is.</summary>
    public required string EnrolTokenFile { get; init; }

    /// <summary>URL of the region's key service.</summary>
    public required string KmsEndpoint { get; init; }

    /// <summary>PEM file of the authority behind the key service's certificate; empty: the system's authorities.</summary>
    public string KmsCaFile
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>JSON file with <c>accessKeyId</c> and <c>secretAccessKey</c> of this host's principal.</summary>
    public required string KmsCredentialsFile { get; init; }

    /// <summary>First uid of the installation's range: base+3 etcd, base+4 HAProxy, base+1000+n machines.</summary>
    public int UidBase
    {
        get;
        init => field = value == 0 ? 640000 : value;
    } = 640000;

    /// <summary>Port on <see cref="ServiceAddress"/> where machines reach the store; the only one open to them.</summary>
    public required int EtcdClientPort { get; init; }

    public required int EtcdPeerPort { get; init; }

    /// <summary>Folder of built images: <c>ID/rootfs</c> and <c>ID/image.json</c>.</summary>
    public required string ImageStore { get; init; }

    /// <summary>Folder with the <c>dbaas-agent</c> binary, e.g. <c>bin/current/agent</c>. Mounted read-only into every machine.</summary>
    public required string AgentFolder { get; init; }

    /// <summary>How often the host's cores may be promised. Default 8: cores are ceilings, most databases idle.</summary>
    public double CpuOvercommit
    {
        get;
        init => field = value == 0 ? 8 : value;
    } = 8;

    /// <summary>How often the host's disk may be promised. Default 3: volumes are sparse.</summary>
    public double VolumeOvercommit
    {
        get;
        init => field = value == 0 ? 3 : value;
    } = 3;

    /// <exception cref="InvalidDataException">A value is missing or wrong; the message names it and what to write instead.</exception>
    internal void Check()
    {
        Require(
            InstallationId.Length == 8 && InstallationId.All(char.IsAsciiHexDigitLower),
            "installationId must be eight lower-case hex digits"
        );
        Require(
            Region.Length is > 0 and <= 32
                && Region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'),
            "region must be 1 to 32 lower-case letters, digits and hyphens"
        );
        Require(Path.IsPathFullyQualified(Root), "root must be an absolute path");
        Require(
            IPNetwork.TryParse(MachineRange, out var range) && range.PrefixLength == 16,
            "machineRange must be an IPv4 /16, e.g. 10.201.0.0/16"
        );
        Require(
            IPAddress.TryParse(ServiceAddress, out var service) && range.Contains(service),
            "serviceAddress must lie inside machineRange"
        );
        Require(IPEndPoint.TryParse(Listen, out _), "listen must be address:port");
        Require(UidBase >= 1000, "uidBase must be at least 1000");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidDataException($"Host configuration: {message}.");
        }
    }
}
