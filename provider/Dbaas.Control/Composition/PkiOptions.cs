namespace Dbaas.Control.Composition;

/// <summary>Files of the two authorities and of control's own client certificate. Keys are PEM, mode 0600.</summary>
internal sealed class PkiOptions
{
    /// <summary>Signs hosts, stores and members.</summary>
    public string InternalCertificateFile { get; set; } = "";
    public string InternalKeyFile { get; set; } = "";

    /// <summary>Signs what users see.</summary>
    public string EndpointCertificateFile { get; set; } = "";
    public string EndpointKeyFile { get; set; } = "";

    /// <summary>With which control calls hosts and with which silos know each other; carries dbaas://control.</summary>
    public string ClientCertificateFile { get; set; } = "";
    public string ClientKeyFile { get; set; } = "";
}
