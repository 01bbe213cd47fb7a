using System.Diagnostics;
using Dbaas.Supervisor.Units;

namespace Dbaas.Supervisor.Tests.Units;

public sealed class LogRotationTests
{
    [Fact]
    public void Given_a_log_above_the_limit_when_it_is_rotated_again_and_again_then_four_old_ones_are_kept_and_the_writer_goes_on()
    {
        using var root = new TemporaryRoot();
        var log = root.Paths.UnitLog("control");
        var rotation = new LogRotation(root.Paths, limitBytes: 10);
        // As units write: through a descriptor that appends, opened once.
        using var writer = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", "exec cat >>\"$0\"", log])
            {
                RedirectStandardInput = true,
            }
        )!;

        for (var round = 0; round < 6; round++)
        {
            writer.StandardInput.Write($"round {round}, longer than ten bytes\n");
            writer.StandardInput.Flush();
            Assert.True(
                SpinWait.SpinUntil(
                    () => File.Exists(log) && new FileInfo(log).Length > 10,
                    TimeSpan.FromSeconds(10)
                )
            );
            rotation.Rotate();
        }

        writer.StandardInput.Close();
        writer.WaitForExit();
        Assert.Equal(0, new FileInfo(log).Length);
        Assert.Equal(
            ["round 5", "round 4", "round 3", "round 2"],
            Enumerable.Range(1, 4).Select(number => File.ReadAllText($"{log}.{number}")[..7])
        );
        Assert.False(File.Exists($"{log}.5"));
    }
}
