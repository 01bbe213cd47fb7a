using System.CommandLine;
using System.Diagnostics;
using Dbaas.Cli.Problems;
using Spectre.Console;

namespace Dbaas.Cli.Kms;

/// <summary>`dbaas kms rotate-master-key`: the running key service replaces the key that wraps all keys on disk.</summary>
internal static class RotateMasterKeyCommand
{
    // The key service looks for it in its data folder and removes it when it is done (adr/0120).
    private const string RequestFile = "rotate-master-key";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    public static Command Create(CommandRunner runner)
    {
        var region = KmsCommands.RegionOption();
        return runner.Runs(
            new Command(
                "rotate-master-key",
                "Replace the master key of the key service. Keys, ciphertexts and databases are not affected; nothing stops."
            )
            {
                region,
            },
            async run =>
            {
                var service = LocalKeyService.Find(run.Terminal.Environment, run.Get(region));
                var request = Path.Combine(service.DataFolder, RequestFile);
                Ask(request);
                var clock = Stopwatch.StartNew();
                while (File.Exists(request))
                {
                    if (clock.Elapsed > Patience)
                    {
                        throw new CliException(
                            ExitCode.Unavailable,
                            $"The key service of {service.Region} has not done it yet.",
                            "It does so as soon as it runs; `dbaas status` shows what is running. Run the command again to wait on."
                        );
                    }

                    await Task.Delay(LookInterval, run.CancellationToken);
                }

                run.Terminal.Screen.WriteLine(
                    $"The key service of {service.Region} has a new master key. Back up {service.DataFolder} again: older copies open only with the old one."
                );
            }
        );
    }

    private static void Ask(string request)
    {
        try
        {
            using var file = new FileStream(
                request,
                new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            );
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new CliException(
                ExitCode.Unavailable,
                $"The request cannot be put down: {exception.Message}",
                "Run this as root on the machine of the installation."
            );
        }
    }
}
