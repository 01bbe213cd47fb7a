using Dbaas.Engines.MySql.Parameters;

namespace Dbaas.Engines.Tests.MySql.Parameters;

public sealed class PendingSettingsTests
{
    private static readonly Dictionary<string, string> Wanted = new()
    {
        ["innodb_numa_interleave"] = "OFF",
        ["performance_schema_digests_size"] = "3000",
        ["ft_min_word_len"] = "4",
        ["max_connections"] = "64",
    };

    [Theory]
    [InlineData("innodb_numa_interleave", null)]
    [InlineData("innodb_numa_interleave", "ON")]
    [InlineData("performance_schema_digests_size", null)]
    public void Given_a_server_started_by_an_older_platform_when_its_settings_are_compared_then_what_that_did_not_give_does_not_wait(
        string name,
        string? live
    ) => Assert.Empty(Pending(name, live, Wanted[name]));

    [Theory]
    [InlineData("ft_min_word_len", "3", "4")] // changed
    [InlineData("ft_min_word_len", null, "3")] // set for the first time
    [InlineData("ft_min_word_len", "3", null)] // taken back
    [InlineData("performance_schema_digests_size", "3000", "9000")]
    [InlineData("performance_schema_digests_size", "9000", "3000")]
    [InlineData("performance_schema_digests_size", null, "9000")] // by a user, on a server of an older platform
    public void Given_a_declared_change_when_settings_are_compared_then_it_waits(
        string name,
        string? live,
        string? wanted
    ) => Assert.Equal([name], Pending(name, live, wanted));

    private static IReadOnlyList<string> Pending(string name, string? live, string? wanted) =>
        PendingSettings.Of(With(name, live), With(name, wanted));

    private static Dictionary<string, string> With(string name, string? value)
    {
        var settings = new Dictionary<string, string>(Wanted);
        settings.Remove(name);
        if (value is not null)
        {
            settings[name] = value;
        }

        return settings;
    }
}
