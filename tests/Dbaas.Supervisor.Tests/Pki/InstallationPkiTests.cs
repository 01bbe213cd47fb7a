using System.Security.Cryptography.X509Certificates;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Pki;

namespace Dbaas.Supervisor.Tests.Pki;

[Trait("Needs", "root")]
public sealed class InstallationPkiTests
{
    private static readonly Installation Installation = new Slot(0).Describe("/images", null, null);

    [Fact]
    public void Given_a_new_installation_when_certificates_are_made_then_each_is_trusted_by_its_authority_alone()
    {
        using var root = new TemporaryRoot();
        var made = new InstallationPki(root.Paths, TimeProvider.System).Ensure(Installation);

        Assert.Equal(["control", "control-client", "kms-local-a", "kms-local-b"], made);
        Assert.True(Trusts(root.Paths, "endpoint-ca", "control"));
        Assert.False(Trusts(root.Paths, "internal-ca", "control"));
        Assert.True(Trusts(root.Paths, "internal-ca", "control-client"));
        Assert.True(Trusts(root.Paths, "internal-ca", "kms-local-b"));
    }

    [Fact]
    public void Given_certificates_when_they_are_ensured_again_then_nothing_is_made()
    {
        using var root = new TemporaryRoot();
        var pki = new InstallationPki(root.Paths, TimeProvider.System);
        pki.Ensure(Installation);
        var before = File.ReadAllText(root.Paths.Certificate("control"));

        Assert.Empty(pki.Ensure(Installation));
        Assert.Equal(before, File.ReadAllText(root.Paths.Certificate("control")));
    }

    [Fact]
    public void Given_a_year_has_passed_when_certificates_are_ensured_then_they_are_renewed_and_the_authorities_stay()
    {
        using var root = new TemporaryRoot();
        new InstallationPki(root.Paths, TimeProvider.System).Ensure(Installation);
        var authority = File.ReadAllText(root.Paths.Certificate("endpoint-ca"));

        var renewed = new InstallationPki(root.Paths, new Later(TimeSpan.FromDays(360))).Ensure(
            Installation
        );

        Assert.Equal(4, renewed.Count);
        Assert.Equal(authority, File.ReadAllText(root.Paths.Certificate("endpoint-ca")));
        Assert.True(Trusts(root.Paths, "endpoint-ca", "control"));
    }

    [Fact]
    public void Given_certificates_made_while_the_clock_was_ahead_when_it_is_set_right_then_they_are_made_anew()
    {
        using var root = new TemporaryRoot();
        var pki = new InstallationPki(root.Paths, TimeProvider.System);
        pki.Ensure(Installation);
        new InstallationPki(root.Paths, new Later(TimeSpan.FromDays(360))).Ensure(Installation);

        Assert.Equal(4, pki.Ensure(Installation).Count);

        Assert.Empty(pki.Ensure(Installation));
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(
            root.Paths.Certificate("control")
        );
        Assert.True(
            certificate.NotBefore.ToUniversalTime() <= TimeProvider.System.GetUtcNow().UtcDateTime
        );
    }

    [Theory]
    [InlineData(-10_000)]
    [InlineData(-1)]
    public void Given_a_box_that_boots_without_its_clock_when_certificates_are_ensured_then_they_wait_for_the_time(
        int days
    )
    {
        using var root = new TemporaryRoot();
        new InstallationPki(root.Paths, TimeProvider.System).Ensure(Installation);

        Assert.Empty(
            new InstallationPki(root.Paths, new Later(TimeSpan.FromDays(days))).Ensure(Installation)
        );
    }

    [Fact]
    public void Given_a_crash_left_a_key_that_does_not_fit_when_certificates_are_ensured_then_the_pair_is_made_anew()
    {
        using var root = new TemporaryRoot();
        var pki = new InstallationPki(root.Paths, TimeProvider.System);
        pki.Ensure(Installation);
        File.Copy(root.Paths.Key("control-client"), root.Paths.Key("control"), overwrite: true);

        Assert.Equal(["control"], pki.Ensure(Installation));
    }

    [Fact]
    public void Given_the_certificates_when_they_are_inspected_then_authorities_carry_what_strict_clients_demand()
    {
        using var root = new TemporaryRoot();
        new InstallationPki(root.Paths, TimeProvider.System).Ensure(Installation);

        foreach (var name in (string[])["internal-ca", "endpoint-ca", "control", "kms-local-a"])
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(
                root.Paths.Certificate(name)
            );
            var extensions = certificate
                .Extensions.Select(extension => extension.Oid!.Value)
                .ToList();
            Assert.Contains("2.5.29.15", extensions); // key usage
            Assert.Contains("2.5.29.14", extensions); // subject key identifier
            Assert.Contains("2.5.29.35", extensions); // authority key identifier
        }

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(root.Paths.Key("internal-ca"))
        );
    }

    private static bool Trusts(InstallationPaths paths, string authority, string leaf)
    {
        using var root = X509CertificateLoader.LoadCertificateFromFile(
            paths.Certificate(authority)
        );
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(
            paths.Certificate(leaf)
        );
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { root },
                RevocationMode = X509RevocationMode.NoCheck,
                VerificationTime = certificate.NotBefore.AddDays(1),
            },
        };
        return chain.Build(certificate);
    }

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
