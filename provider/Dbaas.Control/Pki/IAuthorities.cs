namespace Dbaas.Control.Pki;

/// <summary>The public halves of the platform's two authorities, PEM.</summary>
internal interface IAuthorities
{
    /// <summary>Signs hosts, stores and members.</summary>
    string InternalPem { get; }

    /// <summary>Signs the API and instances; what users put into sslrootcert.</summary>
    string EndpointPem { get; }
}
