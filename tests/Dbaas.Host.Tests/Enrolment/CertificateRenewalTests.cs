using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Host.Configuration;
using Dbaas.Host.Enrolment;
using Dbaas.Host.State;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Dbaas.Host.Tests.Enrolment;

/// <summary>Certificates of an hour under a clock that is turned: what happens in years with those of five years.</summary>
public sealed class CertificateRenewalTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("dbaas-renewal-").FullName;
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private readonly RememberingStore store = new();
    private TestAuthority authority = null!;
    private EnrollingControl control = null!;
    private HostCertificates certificates = null!;
    private HostEnrolment enrolment = null!;
    private CertificateRenewal renewal = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        authority = new(Path.Combine(folder, "pki"));
        control = new(authority, time);
        var (certificate, key) = authority.Issue("control", "127.0.0.1");
        await control.StartAsync(certificate, key);
        var token = Path.Combine(folder, "token");
        await File.WriteAllTextAsync(token, "one-time\n", Cancel);
        var settings = TestHost.Open().Settings with
        {
            Root = folder,
            ControlEndpoint = control.Endpoint,
            ControlCaFile = authority.AuthorityFile,
            EnrolTokenFile = token,
        };
        var paths = new HostPaths(settings);
        Directory.CreateDirectory(paths.Region);
        certificates = new(paths, settings);
        enrolment = new(
            settings,
            certificates,
            new(Path.Combine(folder, "identity"), HostStateJson.Default.HostIdentityRecord),
            time,
            NullLogger<HostEnrolment>.Instance
        );
        renewal = new(
            certificates,
            enrolment,
            store,
            time,
            NullLogger<CertificateRenewal>.Instance
        );
        await enrolment.EnsureAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        renewal.Dispose();
        await control.DisposeAsync();
        authority.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Given_a_host_that_runs_for_ten_lives_then_a_quarter_of_a_life_is_always_left_and_its_key_stays()
    {
        var renewals = 0;
        for (var passed = TimeSpan.Zero; passed < 10 * control.Life; )
        {
            time.Advance(CertificateRenewal.Interval);
            passed += CertificateRenewal.Interval;
            renewals += await renewal.LookAsync(Cancel) ? 1 : 0;
            Assert.All(
                (string[])[certificates.HostFile, certificates.StoreCertificateFile],
                file => Assert.True(Ends(file) > time.GetUtcNow() + control.Life / 4, file)
            );
        }

        Assert.InRange(renewals, 13, 16);
        Assert.Equal(renewals, store.Taken);
        Assert.All(control.Tokens, token => Assert.Equal("Bearer one-time", token));
        Assert.Single(
            control
                .Requests.Select(request =>
                    Convert.ToHexString(
                        CertificateRequest
                            .LoadSigningRequestPem(
                                request.CertificateRequestPem,
                                HashAlgorithmName.SHA256
                            )
                            .PublicKey.ExportSubjectPublicKeyInfo()
                    )
                )
                .Distinct()
        );
        using var pair = certificates.LoadHost();
        Assert.True(pair.HasPrivateKey);
    }

    [Fact]
    public async Task Given_a_control_service_that_is_away_when_certificates_are_due_then_they_are_renewed_once_it_is_back()
    {
        time.Advance(control.Life * 0.7);
        control.Away = true;
        Assert.False(await renewal.LookAsync(Cancel));
        Assert.Equal(0, store.Taken);

        control.Away = false;

        Assert.True(await renewal.LookAsync(Cancel));
        Assert.False(await renewal.LookAsync(Cancel));
    }

    [Fact]
    public async Task Given_the_service_that_looks_by_itself_when_two_thirds_are_over_then_it_has_renewed()
    {
        await renewal.StartAsync(Cancel);
        var first = Ends(certificates.HostFile);

        for (var looks = 0; looks < 9; looks++)
        {
            time.Advance(CertificateRenewal.Interval);
        }

        await Eventually.BecomesAsync(
            () => Task.FromResult(Ends(certificates.HostFile)),
            ends => ends > first,
            TimeSpan.FromSeconds(20)
        );
        await renewal.StopAsync(Cancel);
    }

    [Fact]
    public async Task Given_certificates_that_ran_out_while_the_host_was_off_when_it_starts_then_it_enrols_before_it_serves()
    {
        time.Advance(control.Life * 2);

        await enrolment.EnsureAsync(Cancel);

        Assert.Equal(2, control.Requests.Count);
        Assert.True(Ends(certificates.HostFile) > time.GetUtcNow());
    }

    [Fact]
    public async Task Given_certificates_issued_while_the_clock_was_ahead_when_it_is_set_right_then_there_are_others()
    {
        var right = time.GetUtcNow();
        time.AdjustTime(right + TimeSpan.FromHours(20));
        Assert.True(await renewal.LookAsync(Cancel));
        time.AdjustTime(right);
        Assert.Equal(CertificateStanding.Due, certificates.Standing(time.GetUtcNow()));

        // Not as if they had run out: then a host would not serve at all until there is a control service.
        control.Away = true;
        await enrolment.EnsureAsync(Cancel);
        control.Away = false;

        Assert.True(await renewal.LookAsync(Cancel));
        Assert.Equal(CertificateStanding.Good, certificates.Standing(time.GetUtcNow()));
        Assert.False(await renewal.LookAsync(Cancel));
    }

    private static DateTimeOffset Ends(string file)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
        return certificate.NotAfter.ToUniversalTime();
    }
}
