using System.Globalization;
using Dbaas.Engines.MySql.Member;

namespace Dbaas.Engines.Tests.MySql;

/// <summary>Which binary logs are kept. What the server makes of it: <see cref="LogsOfAMySqlMemberTests"/>.</summary>
public sealed class LogBoundsTests
{
    private const long GiB = 1L << 30;

    [Theory]
    [InlineData(0, new long[] { })]
    [InlineData(0, new long[] { 100 })]
    [InlineData(0, new long[] { 100, 100 })] // the newest two, whatever their size
    [InlineData(0, new long[] { 4, 3, 3 })]
    [InlineData(1, new long[] { 5, 3, 3 })]
    [InlineData(1, new long[] { 1, 100, 1 })] // nothing that is older than one that does not fit
    [InlineData(2, new long[] { 1, 1, 9, 9 })]
    public void Given_binary_logs_when_they_may_take_ten_bytes_then_the_newest_that_fit_are_kept(
        int oldest,
        long[] bytes
    ) => Assert.Equal(oldest, LogBounds.OldestKept(bytes, 10));

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(65536)]
    public void Given_a_volume_when_its_settings_are_derived_then_several_binary_logs_fit_into_a_tenth_of_it(
        long storageGib
    ) =>
        Assert.True(
            5
                * long.Parse(
                    DatabaseEngines
                        .Find("mysql")!
                        .DeriveSettings("9.7", new MachineSize(1, GiB, storageGib * GiB))[
                        "max_binlog_size"
                    ],
                    CultureInfo.InvariantCulture
                )
                < storageGib * GiB / 10
        );
}
