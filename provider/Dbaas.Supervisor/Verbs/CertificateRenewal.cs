using Dbaas.Supervisor.Deployment;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Pki;
using Dbaas.Supervisor.Units;

namespace Dbaas.Supervisor.Verbs;

/// <summary>
/// Renews certificates of an installation that nobody brings up again for a year: the supervisor looks every few hours. A unit whose
/// certificate changed gets another fingerprint and is started anew; databases serve meanwhile.
/// </summary>
internal sealed class CertificateRenewal(
    InstallationPaths paths,
    UnitRecords records,
    TimeProvider time,
    Journal journal
)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(6);
    private long? _last;

    /// <summary>Does nothing until it is time. A fault is written down and left to the next look.</summary>
    /// <returns>Names of the certificates that were renewed.</returns>
    public IReadOnlyList<string> Look(Installation installation)
    {
        // By what has passed, not by the clock: one that was ahead for a while would put off the next look until it is there again.
        if (_last is { } last && time.GetElapsedTime(last) < Interval)
        {
            return [];
        }

        // Somebody brings the installation up or down: they look after certificates themselves, and this comes again soon.
        using var held = VerbContext.TryLock(paths.LockFile);
        if (held is null)
        {
            return [];
        }

        _last = time.GetTimestamp();
        try
        {
            var renewed = new InstallationPki(paths, time).Ensure(installation);
            if (renewed.Count > 0)
            {
                journal.Write($"renewed certificates: {string.Join(", ", renewed)}");
                records.Write(
                    new UnitCatalogue(paths).Describe(
                        installation,
                        new Deployer(paths).Deploy(artifacts: null)
                    )
                );
            }

            return renewed;
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or SupervisorException
                        or System.Security.Cryptography.CryptographicException
            )
        {
            journal.Write($"certificates could not be renewed: {exception.Message}");
            return [];
        }
    }
}
