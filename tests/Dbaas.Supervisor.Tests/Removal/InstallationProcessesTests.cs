using System.Diagnostics;
using Dbaas.Supervisor.Removal;
using Dbaas.Supervisor.Units;

namespace Dbaas.Supervisor.Tests.Removal;

/// <summary>Real processes, in a root folder and cgroups of this test's own.</summary>
public sealed class InstallationProcessesTests : IDisposable
{
    private readonly TemporaryRoot _root = new();
    private readonly DirectoryInfo _hierarchies = Directory.CreateTempSubdirectory(
        "dbaas-cgroups-"
    );
    private readonly List<Process> _started = [];

    [Fact]
    public async Task Given_processes_of_an_installation_when_they_are_ended_then_all_of_them_die_and_nobody_else()
    {
        var inside = Sleep(_root.Paths.Run);
        var program = Path.Combine(_root.Paths.Bin, "sleeper");
        File.Copy("/usr/bin/sleep", program);
        var ours = Sleep("/", program);
        var contained = Sleep("/");
        Contain(contained);
        var neighbour = Sleep(Directory.CreateDirectory(_root.Paths.Root + "-beside").FullName);
        var processes = Processes();
        // Process numbers begin anew at some time, so the last one may be the smallest.
        int[] all = [inside.Id, ours.Id, contained.Id];
        Assert.Equal(all.Order(), processes.Find().Order());

        // The kernel takes a dead process out of its cgroup; here the file stands for it.
        var ending = processes.EndAsync(TestContext.Current.CancellationToken);
        await contained.WaitForExitAsync(TestContext.Current.CancellationToken);
        await ending;

        Assert.Empty(processes.Find());
        Assert.All([inside, ours, contained], process => Assert.True(process.WaitForExit(5000)));
        Assert.False(neighbour.HasExited);
    }

    [Fact]
    public async Task Given_a_caller_that_stands_in_the_root_folder_when_processes_are_ended_then_it_is_spared()
    {
        var here = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = _root.Paths.Root;
            var child = Sleep(_root.Paths.Root);

            await Processes().EndAsync(TestContext.Current.CancellationToken);

            Assert.True(child.WaitForExit(5000));
        }
        finally
        {
            Environment.CurrentDirectory = here;
        }
    }

    [Fact]
    public void Given_a_process_when_its_parent_is_asked_for_then_it_is_we()
    {
        var child = Sleep("/");

        Assert.Equal(Environment.ProcessId, LiveProcess.Parent(child.Id));
    }

    public void Dispose()
    {
        foreach (var process in _started)
        {
            process.Kill();
            process.Dispose();
        }

        Directory.CreateDirectory(_root.Paths.Root + "-beside").Delete();
        _root.Dispose();
        _hierarchies.Delete(recursive: true);
    }

    private InstallationProcesses Processes() =>
        new(
            _root.Paths.Root,
            new InstallationCgroups("0123abcd", _hierarchies.FullName),
            TimeProvider.System
        );

    private Process Sleep(string folder, string program = "/usr/bin/sleep")
    {
        var process = Process.Start(
            new ProcessStartInfo(program, ["300"]) { WorkingDirectory = folder }
        )!;
        _started.Add(process);
        return process;
    }

    private void Contain(Process process)
    {
        var cgroup = Path.Combine(_hierarchies.FullName, "pids", "dbaas-0123abcd", "metadata");
        Directory.CreateDirectory(cgroup);
        File.WriteAllText(Path.Combine(cgroup, "cgroup.procs"), $"{process.Id}\n");
    }
}
