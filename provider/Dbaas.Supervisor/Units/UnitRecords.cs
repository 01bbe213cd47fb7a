using System.Text.Json;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Native;

namespace Dbaas.Supervisor.Units;

/// <summary>The pid files and the list of units.</summary>
internal sealed class UnitRecords(InstallationPaths paths)
{
    public IReadOnlyList<Unit> Units() =>
        File.Exists(paths.UnitsFile)
            ? JsonSerializer.Deserialize(
                File.ReadAllBytes(paths.UnitsFile),
                InstallationJson.Default.IReadOnlyListUnit
            ) ?? []
            : [];

    /// <returns>Whether anything differs from what was there.</returns>
    public bool Write(IReadOnlyList<Unit> units)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            units,
            InstallationJson.Default.IReadOnlyListUnit
        );
        if (
            File.Exists(paths.UnitsFile)
            && File.ReadAllBytes(paths.UnitsFile).AsSpan().SequenceEqual(content)
        )
        {
            return false;
        }

        PrivateFile.Write(paths.UnitsFile, content, PrivateFile.Readable);
        return true;
    }

    /// <returns>The unit's living process, or null.</returns>
    public ProcessRecord? Alive(string unit) => Alive(paths.UnitPid(unit), unit);

    public ProcessRecord? AliveSupervisor() => Alive(paths.SupervisorPid, "supervisor");

    public void Write(string unit, ProcessRecord record) => WriteTo(paths.UnitPid(unit), record);

    public void WriteSupervisor(ProcessRecord record) => WriteTo(paths.SupervisorPid, record);

    public void Forget(string unit) => File.Delete(paths.UnitPid(unit));

    private static ProcessRecord? Alive(string file, string unit)
    {
        try
        {
            return
                JsonSerializer.Deserialize(
                    File.ReadAllBytes(file),
                    InstallationJson.Default.ProcessRecord
                )
                    is { } record
                && LiveProcess.IsAlive(record)
                ? record
                : null;
        }
        catch (Exception exception)
            when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException exception)
        {
            throw new SupervisorException(
                $"{file} is damaged; remove it if {unit} does not run.",
                exception
            );
        }
    }

    private static void WriteTo(string file, ProcessRecord record) =>
        PrivateFile.Write(
            file,
            JsonSerializer.SerializeToUtf8Bytes(record, InstallationJson.Default.ProcessRecord),
            PrivateFile.Readable
        );
}
