using System.Diagnostics;
using Dbaas.Host.Native;

namespace Dbaas.Host.Tests.Native;

public sealed class ProcessEndTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_a_running_process_when_it_is_killed_then_its_end_is_told_and_not_before()
    {
        using var process = Process.Start("sleep", "600");

        var end = ProcessEnd.Of(process.Id);
        await Task.Delay(100, Cancelled);
        Assert.False(end.IsCompleted);
        process.Kill();

        await end.WaitAsync(Deadline, Cancelled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Given_a_number_that_no_process_has_when_it_is_watched_then_it_has_ended(
        int number
    ) => Assert.True(ProcessEnd.Of(number).IsCompletedSuccessfully);
}
