using Dbaas.Host.Store;

namespace Dbaas.Host.Enrolment;

/// <summary>
/// Renews the host's and the store's certificates after two thirds of their life, while everything serves: who connects next sees the
/// new ones, whoever is connected stays so.
/// </summary>
internal sealed partial class CertificateRenewal(
    HostCertificates certificates,
    HostEnrolment enrolment,
    IStore store,
    TimeProvider time,
    ILogger<CertificateRenewal> logger
) : BackgroundService
{
    /// <summary>Short against the third of a life that is left, also where somebody issues certificates for a day.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <summary>Renews if it is time. A failure is logged and left to the next look.</summary>
    /// <returns>Whether there are new certificates.</returns>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (
                !certificates.Exist
                || certificates.Standing(time.GetUtcNow()) == CertificateStanding.Good
            )
            {
                return false;
            }

            await enrolment.EnrolAsync(cancellationToken);
            store.TakeCertificate();
            LogRenewed();
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception.Message, exception);
            return false;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The daemon ends.
        }
    }

    [LoggerMessage(4611, LogLevel.Information, "Certificates of host and store renewed")]
    private partial void LogRenewed();

    [LoggerMessage(
        4612,
        LogLevel.Warning,
        "Certificates are due and not renewed, next try in 5 minutes: {Reason}"
    )]
    private partial void LogFailed(string reason, Exception exception);
}
