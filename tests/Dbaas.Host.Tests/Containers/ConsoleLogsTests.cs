using Dbaas.Host.Configuration;
using Dbaas.Host.Containers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.Host.Tests.Containers;

/// <summary>A container that talks a lot must not fill the disk of all others.</summary>
public sealed class ConsoleLogsTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("dbaas-console-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Given_a_log_held_open_for_appending_when_it_is_too_large_then_it_is_kept_beside_and_goes_on_small()
    {
        var paths = new HostPaths(TestHost.Open().Settings with { Root = root });
        var folder = Directory.CreateDirectory(Path.Combine(paths.Containers, "mac_1")).FullName;
        var log = Path.Combine(folder, "console.log");
        using var writer = new StreamWriter(
            new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)
        )
        {
            AutoFlush = true,
        };
        writer.Write("0123456789");
        using var rotation = new ConsoleLogs(
            paths,
            TimeProvider.System,
            NullLogger<ConsoleLogs>.Instance
        );

        rotation.Rotate(limitBytes: 10);
        Assert.False(File.Exists(log + ".1")); // not larger than allowed

        writer.Write("x");
        rotation.Rotate(limitBytes: 10);

        Assert.Equal("123456789x", File.ReadAllText(log + ".1")); // a flood of gigabytes is not kept a second time
        Assert.Equal(0, new FileInfo(log).Length);

        writer.Write("second flood");
        rotation.Rotate(limitBytes: 10);

        Assert.Equal("cond flood", File.ReadAllText(log + ".1"));
        Assert.Equal(0, new FileInfo(log).Length);
    }
}
