using System.CommandLine;
using Dbaas.Cli.Shell;

namespace Dbaas.Cli.Kms;

/// <summary>`eval "$(dbaas kms env)"`, then `aws kms …`.</summary>
internal static class KmsEnvCommand
{
    public static Command Create(CommandRunner runner)
    {
        var region = KmsCommands.RegionOption();
        return runner.Runs(
            new Command(
                "env",
                "Print export lines for the AWS CLI: eval \"$(dbaas kms env)\". Versions before 2.13 also need --endpoint-url \"$AWS_ENDPOINT_URL_KMS\"."
            )
            {
                region,
            },
            run =>
            {
                var service = LocalKeyService.Find(run.Terminal.Environment, run.Get(region));
                var (accessKeyId, secretAccessKey) = service.ReadCredentials();
                Export(run, "AWS_ENDPOINT_URL_KMS", service.Endpoint);
                Export(run, "AWS_ACCESS_KEY_ID", accessKeyId);
                Export(run, "AWS_SECRET_ACCESS_KEY", secretAccessKey);
                Export(run, "AWS_REGION", service.Region);
                // The AWS CLI itself reads this one; other SDKs read AWS_REGION.
                Export(run, "AWS_DEFAULT_REGION", service.Region);
                Export(run, "AWS_CA_BUNDLE", service.CaFile);
                // A token left from another account would be refused: sessions are not issued here.
                run.Terminal.Output.WriteLine("unset AWS_SESSION_TOKEN AWS_PROFILE");
                return Task.CompletedTask;
            }
        );
    }

    private static void Export(Invocation run, string name, string value) =>
        run.Terminal.Output.WriteLine($"export {name}={ShellWord.Quote(value)}");
}
