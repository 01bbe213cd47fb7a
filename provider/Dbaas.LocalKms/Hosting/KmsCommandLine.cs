using System.CommandLine;
using System.Text.Json;
using Dbaas.Common;
using Dbaas.LocalKms.Initialise;

namespace Dbaas.LocalKms.Hosting;

/// <summary>`Dbaas.LocalKms --config FILE` serves; `Dbaas.LocalKms init …` prepares a region.</summary>
internal static class KmsCommandLine
{
    public static RootCommand Build()
    {
        var config = new Option<FileInfo>("--config")
        {
            Description =
                "Settings (JSON): listen, certificateFile, certificateKeyFile, dataFolder, region, accountId, principalsFile.",
        };
        var root = new RootCommand("Key service with the AWS KMS protocol.") { config, Init() };
        root.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (parsed.GetValue(config) is not { } file)
                {
                    await Console.Error.WriteLineAsync("--config FILE is required.");
                    return 2;
                }

                return await ServeAsync(file, cancellationToken);
            }
        );
        return root;
    }

    private static Command Init()
    {
        var data = new Option<string>("--data")
        {
            Required = true,
            Description = "Data folder of the region's key service.",
        };
        var principals = new Option<string>("--principals")
        {
            Required = true,
            Description = "Folder for the callers' credential files.",
        };
        var region = new Option<string>("--region")
        {
            Required = true,
            Description = "Region name.",
        };
        var account = new Option<string>("--account")
        {
            DefaultValueFactory = _ => "000000000000",
            Description = "Account id in ARNs, twelve digits.",
        };
        var uid = new Option<uint?>("--uid")
        {
            Description = "User id that shall own the data folder.",
        };
        var init = new Command(
            "init",
            "Makes master key and principals; changes nothing that is there."
        )
        {
            data,
            principals,
            region,
            account,
            uid,
        };
        init.SetAction(parsed =>
        {
            try
            {
                CoreDumps.Forbid();
                var done = KmsInitialiser.Run(
                    parsed.GetRequiredValue(data),
                    parsed.GetRequiredValue(principals),
                    parsed.GetRequiredValue(region),
                    parsed.GetRequiredValue(account),
                    parsed.GetValue(uid)
                );
                Console.WriteLine(
                    done is [] ? "unchanged" : string.Join(Environment.NewLine, done)
                );
                return 0;
            }
            catch (Exception exception)
                when (exception
                        is IOException
                            or InvalidDataException
                            or UnauthorizedAccessException
                            or JsonException
                )
            {
                Console.Error.WriteLine(exception.Message);
                return 1;
            }
        });
        return init;
    }

    private static async Task<int> ServeAsync(FileInfo file, CancellationToken cancellationToken)
    {
        CoreDumps.Forbid();
        try
        {
            var settings =
                JsonSerializer.Deserialize(
                    await File.ReadAllBytesAsync(file.FullName, cancellationToken),
                    FileJson.Default.KmsSettings
                ) ?? throw new InvalidDataException($"{file} is empty.");
            await using var app = KmsServer.Build(settings, TimeProvider.System);
            await app.RunAsync(cancellationToken);
            return 0;
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or InvalidDataException
                        or JsonException
                        or FormatException
                        or UnauthorizedAccessException
            )
        {
            await Console.Error.WriteLineAsync(
                $"The key service cannot start: {exception.Message}"
            );
            return 1;
        }
    }
}
