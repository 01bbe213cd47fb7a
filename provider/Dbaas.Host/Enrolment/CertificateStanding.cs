namespace Dbaas.Host.Enrolment;

/// <summary>Where in its life a certificate is; ordered from good to bad.</summary>
internal enum CertificateStanding
{
    /// <summary>Nothing to do.</summary>
    Good,

    /// <summary>Valid, and time to come for another.</summary>
    Due,

    /// <summary>Every peer refuses it.</summary>
    Expired,
}
