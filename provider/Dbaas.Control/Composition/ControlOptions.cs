namespace Dbaas.Control.Composition;

/// <summary>The settings file of the control service (<c>--config FILE</c>). docs/control-configuration.md shows a whole one.</summary>
internal sealed class ControlOptions
{
    /// <summary>Address the API listens on. 127.0.0.1: nobody else reaches a fresh installation.</summary>
    public string ListenAddress { get; set; } = "127.0.0.1";

    /// <summary>Port of the API.</summary>
    public int Port { get; set; } = 7443;

    /// <summary>PEM certificate of the API, with any intermediates after it.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM key of the API.</summary>
    public string KeyFile { get; set; } = "";

    public ConnectionOptions Connections { get; set; } = new();

    /// <summary>Port of the silo. Fixed, because a silo that comes back elsewhere is believed dead for long.</summary>
    public int SiloPort { get; set; } = 7444;

    /// <summary>At least one; the first is the default region.</summary>
    public IList<RegionOptions> Regions { get; } = [];

    public IList<EnrolmentOptions> Enrolment { get; } = [];

    public PkiOptions Pki { get; set; } = new();

    /// <summary>File {accessKeyId, secretAccessKey}, mode 0600.</summary>
    public string KmsCredentialsFile { get; set; } = "";

    /// <summary>PEM authority of the key services' certificates. Default: the internal authority, then the system's.</summary>
    public string? KmsCaFile { get; set; }

    /// <summary>Where the first administrator's key is written once, mode 0600.</summary>
    public string FirstAdminKeyFile { get; set; } = "";

    /// <summary>JSON lines; absent: stderr only.</summary>
    public string? LogFile { get; set; }
}
