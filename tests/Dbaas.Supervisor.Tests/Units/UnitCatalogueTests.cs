using Dbaas.Supervisor.Deployment;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Units;

namespace Dbaas.Supervisor.Tests.Units;

public sealed class UnitCatalogueTests : IDisposable
{
    private readonly TemporaryRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("agent", "host-local-a,host-local-b")]
    [InlineData("host", "host-local-a,host-local-b")]
    [InlineData("control", "control")]
    [InlineData("kms", "kms-local-a,kms-local-b")]
    [InlineData("cli", "")]
    public void Given_another_program_when_units_are_described_then_those_that_run_or_bring_it_are_wanted_anew(
        string program,
        string units
    )
    {
        var before = Fingerprints("");
        var after = Fingerprints(program);

        Assert.Equal(
            units,
            string.Join(
                ',',
                before.Keys.Where(unit => before[unit] != after[unit]).Order(StringComparer.Ordinal)
            )
        );
    }

    private Dictionary<string, string> Fingerprints(string changed)
    {
        var hashes = Deployer.Programs.ToDictionary(
            program => program,
            program => program == changed ? "new" : "old"
        );
        return new UnitCatalogue(_root.Paths)
            .Describe(
                new Slot(0).Describe("/images", null, null),
                new Deployed("/bin", hashes, Changed: true)
            )
            .ToDictionary(unit => unit.Name, unit => unit.Fingerprint);
    }
}
