using System.Diagnostics;
using Dbaas.Client.Instances;

namespace Dbaas.Cli.Connect;

/// <summary>How to start an engine's own client program; one file an engine.</summary>
internal interface IEngineClient
{
    /// <summary>Engine name of schema.json.</summary>
    string Engine { get; }

    /// <summary>Says what to install when the program is missing.</summary>
    string InstallHint { get; }

    /// <summary>The program with its arguments. The password goes into a file of <paramref name="folder"/>, never into argument or environment.</summary>
    ProcessStartInfo Prepare(
        CredentialsView credentials,
        SecretFolder folder,
        IReadOnlyList<string> extraArguments
    );
}
