using System.Security.Cryptography;
using System.Text;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Native;

namespace Dbaas.Supervisor.Secrets;

/// <summary>One token a region, with which its host enrols once. Control knows only the hash.</summary>
internal sealed class EnrolmentTokens(InstallationPaths paths)
{
    /// <summary>Makes the token when there is none.</summary>
    /// <returns>SHA-256 of the token's characters, lower-case hex.</returns>
    public string Ensure(string region)
    {
        var file = paths.EnrolmentToken(region);
        if (!File.Exists(file))
        {
            PrivateFile.Write(
                file,
                Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(64, lowercase: true)),
                PrivateFile.Secret
            );
        }

        return Convert.ToHexStringLower(
            SHA256.HashData(Encoding.ASCII.GetBytes(File.ReadAllText(file).Trim()))
        );
    }
}
