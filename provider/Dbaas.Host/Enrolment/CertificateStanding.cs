namespace Dbaas.Host.Enrolment;

/// <summary>Where in its life a certificate is; ordered from good to bad.</summary>
internal enum CertificateStanding
{
    /// <summary>Nothing to do.</summary>
    Good,

    /// <summary>Time to come for another: it runs out, or begins only later because a clock was wrong.</summary>
    Due,

    /// <summary>Every peer refuses it.</summary>
    Expired,
}
