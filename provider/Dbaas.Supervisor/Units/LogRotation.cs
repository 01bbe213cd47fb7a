using System.Globalization;
using Dbaas.Supervisor.Installations;

namespace Dbaas.Supervisor.Units;

/// <summary>
/// Keeps each log within five times <see cref="LimitBytes"/>. The file is copied and cut, not renamed: its writer holds it open, and
/// must not need a restart or a signal for it. Lines written between copy and cut are lost, which a log can bear.
/// </summary>
internal sealed class LogRotation(InstallationPaths paths, long limitBytes = LogRotation.LimitBytes)
{
    public const long LimitBytes = 64 * 1024 * 1024;
    public const int Kept = 4;

    public void Rotate()
    {
        foreach (var file in Directory.EnumerateFiles(paths.Log, "*.log"))
        {
            if (new FileInfo(file).Length > limitBytes)
            {
                Rotate(file);
            }
        }
    }

    private static void Rotate(string file)
    {
        File.Delete(Numbered(file, Kept));
        for (var number = Kept - 1; number >= 1; number--)
        {
            if (File.Exists(Numbered(file, number)))
            {
                File.Move(Numbered(file, number), Numbered(file, number + 1));
            }
        }

        File.Copy(file, Numbered(file, 1));
        using var log = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        log.SetLength(0);
    }

    private static string Numbered(string file, int number) =>
        $"{file}.{number.ToString(CultureInfo.InvariantCulture)}";
}
