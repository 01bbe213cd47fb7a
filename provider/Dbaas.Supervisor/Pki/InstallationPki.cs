using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Native;

namespace Dbaas.Supervisor.Pki;

/// <summary>Both authorities and every certificate the supervisor answers for. Hosts and stores get theirs by enrolling.</summary>
internal sealed class InstallationPki(InstallationPaths paths, TimeProvider time)
{
    /// <summary>Makes what is missing and renews what runs out. Units read certificates at start; a new one changes their fingerprint.</summary>
    /// <returns>Names of the certificates made or renewed.</returns>
    public IReadOnlyList<string> Ensure(Installation installation)
    {
        using var members = Authority.Ensure(
            paths,
            "internal-ca",
            $"DBaaS internal authority {installation.Id}",
            installation.ControlUid,
            time
        );
        using var users = Authority.Ensure(
            paths,
            "endpoint-ca",
            $"DBaaS endpoint authority {installation.Id}",
            installation.ControlUid,
            time
        );
        var made = new List<string>();
        Renew(
            users,
            new()
            {
                File = "control",
                CommonName = "dbaas-control",
                Usage = LeafRequest.ServerUsage,
                Owner = installation.ControlUid,
                Local = true,
            },
            made
        );
        Renew(
            members,
            new()
            {
                File = "control-client",
                CommonName = "dbaas-control",
                Usage = LeafRequest.ClientUsage,
                Owner = installation.ControlUid,
                Identity = "dbaas://control",
            },
            made
        );
        foreach (var region in installation.Regions)
        {
            Renew(
                members,
                new()
                {
                    File = $"kms-{region.Name}",
                    CommonName = $"dbaas-kms-{region.Name}",
                    Usage = LeafRequest.ServerUsage,
                    Owner = installation.KmsUid,
                    Local = true,
                },
                made
            );
        }

        return made;
    }

    private void Renew(Authority authority, LeafRequest leaf, List<string> made)
    {
        if (IsGood(authority, leaf))
        {
            PrivateFile.Restrict(paths.Key(leaf.File), PrivateFile.Secret, leaf.Owner);
            return;
        }

        var (certificate, key) = authority.Issue(leaf);
        PrivateFile.Write(
            paths.Key(leaf.File),
            Encoding.ASCII.GetBytes(key),
            PrivateFile.Secret,
            leaf.Owner
        );
        PrivateFile.Write(
            paths.Certificate(leaf.File),
            Encoding.ASCII.GetBytes(certificate),
            PrivateFile.Readable
        );
        made.Add(leaf.File);
    }

    /// <summary>A crash between the two writes leaves a pair that does not fit; loading it as a pair finds that.</summary>
    private bool IsGood(Authority authority, LeafRequest leaf)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(
                paths.Certificate(leaf.File),
                paths.Key(leaf.File)
            );
            var now = time.GetUtcNow().UtcDateTime;
            return certificate.NotAfter.ToUniversalTime() - now > LeafRequest.Renewal
                // One that was made while the clock was ahead is refused by everybody until the clock gets there. Before the authority
                // itself is valid nothing can be made that is: a box that boots without its clock waits for the time.
                && (Begun(certificate, now) || !Begun(authority.Certificate, now))
                && certificate.Issuer == authority.Certificate.Subject;
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or System.Security.Cryptography.CryptographicException
                        or ArgumentException
            )
        {
            return false;
        }
    }

    private static bool Begun(X509Certificate2 certificate, DateTime now) =>
        certificate.NotBefore.ToUniversalTime() <= now;
}
