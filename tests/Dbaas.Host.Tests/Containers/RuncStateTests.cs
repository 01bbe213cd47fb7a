using System.Globalization;
using Dbaas.Host.Containers;

namespace Dbaas.Host.Tests.Containers;

/// <summary>What runc's own file says of a container, read without runc.</summary>
public sealed class RuncStateTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dbaas-runc-state-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Given_a_process_that_lives_when_read_then_it_is_created_until_its_pipe_was_opened()
    {
        Write(Environment.ProcessId, OwnStart());
        File.WriteAllText(Path.Combine(folder, "exec.fifo"), "");
        Assert.Equal("created", RuncState.Read("mac_1", folder)?.State);

        File.Delete(Path.Combine(folder, "exec.fifo"));
        var running = RuncState.Read("mac_1", folder);
        Assert.Equal("running", running?.State);
        Assert.Equal(Environment.ProcessId, running?.Pid);
    }

    [Fact]
    public void Given_a_number_that_another_process_has_by_now_when_read_then_the_container_has_stopped()
    {
        Write(Environment.ProcessId, OwnStart() - 1);

        Assert.Equal("stopped", RuncState.Read("mac_1", folder)?.State);
    }

    [Fact]
    public void Given_no_file_or_half_of_one_when_read_then_runc_must_be_asked()
    {
        Assert.Null(RuncState.Read("mac_1", folder));
        File.WriteAllText(Path.Combine(folder, "state.json"), """{"id":"x","init_pro""");
        Assert.Null(RuncState.Read("mac_1", folder));
        File.WriteAllText(Path.Combine(folder, "state.json"), """{"id":"x"}""");
        Assert.Null(RuncState.Read("mac_1", folder));
    }

    private void Write(int pid, ulong start) =>
        File.WriteAllText(
            Path.Combine(folder, "state.json"),
            $$"""{"id":"x","init_process_pid":{{pid}},"init_process_start":{{start}},"created":"2026-01-01T00:00:00Z"}"""
        );

    private static ulong OwnStart()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        return ulong.Parse(
            stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19],
            CultureInfo.InvariantCulture
        );
    }
}
