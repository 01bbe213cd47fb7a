using System.ComponentModel.DataAnnotations;

namespace Dbaas.Control.Pki;

/// <summary>How long certificates of instances last (section <c>certificates</c>).</summary>
internal sealed class CertificateOptions
{
    /// <summary>
    /// Days. 730: what public authorities once allowed. They are renewed by themselves after two thirds of it, so a short life costs
    /// nothing but a reload now and then.
    /// </summary>
    [Range(0.001, 3650)]
    public double LifeDays { get; set; } = 730;

    /// <summary>Minutes between two looks for certificates that are due.</summary>
    [Range(0.1, 1440)]
    public double PauseMinutes { get; set; } = 10;
}
