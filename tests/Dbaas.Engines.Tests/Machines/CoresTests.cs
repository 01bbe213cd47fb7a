namespace Dbaas.Engines.Tests.Machines;

/// <summary>A change of cores is live (ADR 0063), so no setting that follows from them may need a restart.</summary>
public sealed class CoresTests
{
    private const long GiB = 1024L * 1024 * 1024;

    public static TheoryData<string, string> Versions()
    {
        var data = new TheoryData<string, string>();
        foreach (var engine in DatabaseEngines.All)
        {
            foreach (var version in engine.Versions)
            {
                data.Add(engine.Name, version.Major);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Given_another_number_of_cores_when_derived_then_what_differs_needs_no_restart(
        string name,
        string version
    )
    {
        var engine = DatabaseEngines.Find(name)!;
        var known = engine.Catalogue(version).Parameters;
        var least = engine.DeriveSettings(version, new MachineSize(0.25, 4 * GiB, 10 * GiB));
        foreach (var cores in new[] { 1, 1.5, 2, 7, 64 })
        {
            var settings = engine.DeriveSettings(
                version,
                new MachineSize(cores, 4 * GiB, 10 * GiB)
            );
            Assert.Equal(least.Keys.Order(), settings.Keys.Order());
            Assert.DoesNotContain(
                settings,
                setting => least[setting.Key] != setting.Value && known[setting.Key].RestartRequired
            );
        }
    }
}
