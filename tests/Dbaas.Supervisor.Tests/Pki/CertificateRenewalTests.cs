using System.Security.Cryptography.X509Certificates;
using Dbaas.Supervisor.Deployment;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Pki;
using Dbaas.Supervisor.Units;
using Dbaas.Supervisor.Verbs;

namespace Dbaas.Supervisor.Tests.Pki;

/// <summary>An installation that runs for years without anybody bringing it up again keeps valid certificates.</summary>
[Trait("Needs", "root")]
public sealed class CertificateRenewalTests : IDisposable
{
    private static readonly Installation Installation = new Slot(0).Describe("/images", null, null);
    private readonly TemporaryRoot _root = new();
    private readonly Calendar _calendar = new();
    private readonly StringWriter _journal = new();

    public void Dispose()
    {
        _journal.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void Given_a_supervisor_that_runs_for_years_when_it_looks_then_no_certificate_ever_runs_out()
    {
        Deploy();
        new InstallationPki(_root.Paths, _calendar).Ensure(Installation);
        var records = new UnitRecords(_root.Paths);
        var renewal = Renewal(records);
        var renewals = 0;
        for (var day = 0; day < 3 * 365; day++)
        {
            _calendar.Pass(TimeSpan.FromDays(1));
            renewals += renewal.Look(Installation).Count > 0 ? 1 : 0;
            foreach (var name in (string[])["control", "control-client", "kms-local-a"])
            {
                using var certificate = X509CertificateLoader.LoadCertificateFromFile(
                    _root.Paths.Certificate(name)
                );
                Assert.True(
                    certificate.NotAfter.ToUniversalTime() > _calendar.Now.UtcDateTime.AddDays(30),
                    $"{name} runs out at {certificate.NotAfter:O}, and it is {_calendar.Now:O}"
                );
            }
        }

        Assert.Equal(3, renewals);
        Assert.Contains(
            "renewed certificates: control",
            _journal.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Given_renewed_certificates_when_the_units_are_read_then_those_that_use_them_are_wanted_anew()
    {
        Deploy();
        new InstallationPki(_root.Paths, _calendar).Ensure(Installation);
        var records = new UnitRecords(_root.Paths);
        Renewal(records).Look(Installation);
        _calendar.Pass(TimeSpan.FromDays(360));
        Renewal(records).Look(Installation);
        var before = records.Units().ToDictionary(unit => unit.Name, unit => unit.Fingerprint);
        _calendar.Pass(TimeSpan.FromDays(360));

        Renewal(records).Look(Installation);

        var changed = records
            .Units()
            .Where(unit => before[unit.Name] != unit.Fingerprint)
            .Select(unit => unit.Name);
        Assert.Equal(["kms-local-a", "kms-local-b", "control"], changed);
    }

    [Fact]
    public void Given_somebody_who_brings_the_installation_up_when_it_looks_then_it_waits_for_them()
    {
        Deploy();
        new InstallationPki(_root.Paths, _calendar).Ensure(Installation);
        _calendar.Pass(TimeSpan.FromDays(360));
        var renewal = Renewal(new UnitRecords(_root.Paths));
        using (VerbContext.TryLock(_root.Paths.LockFile))
        {
            Assert.Empty(renewal.Look(Installation));
        }

        Assert.Equal(4, renewal.Look(Installation).Count);
        Assert.Empty(renewal.Look(Installation));
    }

    [Fact]
    public void Given_a_clock_that_was_years_ahead_for_a_while_when_it_is_set_right_then_the_next_look_mends_what_it_did()
    {
        Deploy();
        new InstallationPki(_root.Paths, _calendar).Ensure(Installation);
        var renewal = Renewal(new UnitRecords(_root.Paths));
        _calendar.Pass(TimeSpan.FromDays(1));
        _calendar.Turn(TimeSpan.FromDays(2 * 365));
        Assert.Equal(4, renewal.Look(Installation).Count);
        _calendar.Turn(TimeSpan.FromDays(-2 * 365));

        _calendar.Pass(TimeSpan.FromHours(5));
        Assert.Empty(renewal.Look(Installation)); // not its time yet
        _calendar.Pass(TimeSpan.FromHours(1));

        Assert.Equal(4, renewal.Look(Installation).Count);
        _calendar.Pass(TimeSpan.FromHours(6));
        Assert.Empty(renewal.Look(Installation));
    }

    private CertificateRenewal Renewal(UnitRecords records) =>
        new(_root.Paths, records, _calendar, new Journal(_journal, _calendar));

    /// <summary>Programs as a deployment leaves them; what is in them does not matter here.</summary>
    private void Deploy()
    {
        var folder = Path.Combine(_root.Paths.Bin, "0.0.0-test");
        foreach (var program in Deployer.Programs)
        {
            Directory.CreateDirectory(Path.Combine(folder, program));
        }

        File.CreateSymbolicLink(_root.Paths.Current, folder);
    }

    private sealed class Calendar : TimeProvider
    {
        private TimeSpan _passed;

        public DateTimeOffset Now { get; private set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time)
        {
            _passed += time;
            Now += time;
        }

        /// <summary>Somebody turns the clock; no time passes.</summary>
        public void Turn(TimeSpan by) => Now += by;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => _passed.Ticks;
    }
}
