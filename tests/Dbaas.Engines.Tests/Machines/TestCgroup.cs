using System.Globalization;

namespace Dbaas.Engines.Tests.Machines;

/// <summary>A memory limit around all processes of one machine, as the host sets it; version 1 or 2, whichever the kernel has.</summary>
internal sealed class TestCgroup : IDisposable
{
    private static readonly bool s_unified = File.Exists("/sys/fs/cgroup/cgroup.controllers");
    private readonly string _folder;
    private readonly TestMachine _machine;

    public TestCgroup(TestMachine machine, long memoryBytes)
    {
        _machine = machine;
        _folder =
            (s_unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory")
            + $"/dbaas-engine-test{TestNetwork.Suffix}";
        Directory.CreateDirectory(_folder);
        File.WriteAllText(
            $"{_folder}/{(s_unified ? "memory.max" : "memory.limit_in_bytes")}",
            memoryBytes.ToString(CultureInfo.InvariantCulture)
        );
        MoveTo(_folder);
    }

    /// <summary>Processes that the kernel killed because of the limit.</summary>
    public long Kills =>
        File.ReadLines($"{_folder}/{(s_unified ? "memory.events" : "memory.oom_control")}")
            .Where(line => line.StartsWith("oom_kill ", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture))
            .FirstOrDefault();

    public void Dispose()
    {
        MoveTo(Path.GetDirectoryName(_folder)!);
        // A cgroup shows files, so only rmdir(2) itself takes it away.
        System.Diagnostics.Process.Start("rmdir", [_folder]).WaitForExit();
    }

    private void MoveTo(string folder)
    {
        foreach (var pid in _machine.AllPids())
        {
            try
            {
                File.WriteAllText(
                    $"{folder}/cgroup.procs",
                    pid.ToString(CultureInfo.InvariantCulture)
                );
            }
            catch (IOException)
            {
                // It ended after it was listed, and needs no move.
            }
        }
    }
}
