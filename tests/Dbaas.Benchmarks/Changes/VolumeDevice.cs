using System.Globalization;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Changes;

/// <summary>The block device that a volume of the installation lies on, as the kernel counts it (Documentation/block/stat.rst).</summary>
internal sealed class VolumeDevice
{
    private const int SectorBytes = 512;
    private const int SectorsRead = 2;
    private const int SectorsWritten = 6;
    private readonly string folder;

    private VolumeDevice(string folder) => this.folder = folder;

    /// <param name="root">Folder of the installation; the volumes' files lie below it.</param>
    /// <param name="gib">Size that only this volume has.</param>
    public static VolumeDevice Of(string root, int gib) =>
        new(
            Directory
                .EnumerateDirectories("/sys/block", "loop*")
                .Single(folder =>
                    File.Exists($"{folder}/loop/backing_file")
                    && File.ReadAllText($"{folder}/loop/backing_file")
                        .StartsWith($"{root}/", StringComparison.Ordinal)
                    && Number(File.ReadAllText($"{folder}/size")) * SectorBytes == (long)gib << 30
                )
        );

    /// <summary>Read and written since it was attached.</summary>
    public long Bytes()
    {
        var fields = File.ReadAllText($"{folder}/stat")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (Number(fields[SectorsRead]) + Number(fields[SectorsWritten])) * SectorBytes;
    }

    /// <summary>Waits until the kernel has written what it still had of it in memory.</summary>
    public async Task QuietAsync()
    {
        (await Command.RunAsync("sync", [])).Succeeded();
        await Eventually.BecomesAsync(
            async () =>
            {
                var before = Bytes();
                await Task.Delay(TimeSpan.FromSeconds(2));
                return Bytes() - before;
            },
            moved => moved == 0,
            TimeSpan.FromMinutes(3),
            "nothing is written to the volume any more"
        );
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
