using System.Security.Cryptography;
using System.Text.Json;
using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Storage;

namespace Dbaas.LocalKms.Initialise;

/// <summary>Prepares a region's key service: master key, principals, credentials. Run again, it changes nothing that is there.</summary>
internal static class KmsInitialiser
{
    private const string PrincipalsFileName = "principals.json";
    private const string AccessKeyAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <param name="dataFolder">kms/REGION below the root.</param>
    /// <param name="credentialsFolder">Where the callers' files go (secrets/); an existing one is kept and registered.</param>
    /// <param name="ownerUid">User the service runs as; null leaves the data with the caller.</param>
    /// <returns>What was made, in words; empty when everything was there.</returns>
    /// <exception cref="InvalidDataException">There are keys but no master key: a new one could open none of them.</exception>
    public static IReadOnlyList<string> Run(
        string dataFolder,
        string credentialsFolder,
        string region,
        string accountId,
        uint? ownerUid
    )
    {
        var done = new List<string>();
        DurableFile.CreateFolder(dataFolder);
        DurableFile.CreateFolder(credentialsFolder);
        EnsureMasterKey(dataFolder, done);

        var control = EnsureCredentials(
            credentialsFolder,
            "kms-control",
            "dbaas-control",
            accountId,
            done
        );
        var administrator = EnsureCredentials(
            credentialsFolder,
            "kms-administrator",
            "dbaas-administrator",
            accountId,
            done
        );
        var hostName = $"dbaas-host-{region}";
        var host = EnsureCredentials(
            credentialsFolder,
            $"kms-host-{region}",
            hostName,
            accountId,
            done
        );
        Register(
            Path.Combine(dataFolder, PrincipalsFileName),
            [
                Principal("dbaas-control", control, PlatformRights.Control([host.Arn])),
                Principal("dbaas-administrator", administrator, PlatformRights.Administrator),
                Principal(hostName, host, PlatformRights.Host),
            ],
            done
        );
        if (ownerUid is { } uid)
        {
            HandOver(dataFolder, uid);
        }

        return done;
    }

    private static void EnsureMasterKey(string dataFolder, List<string> done)
    {
        var path = KmsServer.MasterKeyPath(dataFolder);
        if (File.Exists(path))
        {
            return;
        }

        var keys = Path.Combine(dataFolder, "keys");
        if (Directory.Exists(keys) && Directory.EnumerateFiles(keys).Any())
        {
            throw new InvalidDataException(
                $"{keys} holds keys, but {path} is missing. Put the master key back; a new one could open none of them."
            );
        }

        using var key = SecretBytes.Random(MasterKey.LengthBytes);
        DurableFile.Write(path, key.Span);
        done.Add($"made the master key {path}");
    }

    private static CredentialFile EnsureCredentials(
        string folder,
        string fileName,
        string user,
        string accountId,
        List<string> done
    )
    {
        var path = Path.Combine(folder, fileName + ".json");
        if (File.Exists(path))
        {
            return JsonSerializer.Deserialize(
                    File.ReadAllBytes(path),
                    FileJson.Default.CredentialFile
                ) ?? throw new InvalidDataException($"{path} is empty.");
        }

        var credentials = new CredentialFile
        {
            AccessKeyId = "AKIA" + RandomNumberGenerator.GetString(AccessKeyAlphabet, 16),
            SecretAccessKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(30)),
            Arn = $"arn:aws:iam::{accountId}:user/{user}",
        };
        DurableFile.Write(
            path,
            JsonSerializer.SerializeToUtf8Bytes(credentials, FileJson.Default.CredentialFile)
        );
        done.Add($"made credentials of {user} in {path}");
        return credentials;
    }

    // Principals an administrator added stay; ours are set to what this version of the platform needs.
    private static void Register(string path, IReadOnlyList<Principal> ours, List<string> done)
    {
        var before = File.Exists(path) ? File.ReadAllBytes(path) : [];
        var existing =
            before.Length == 0
                ? []
                : JsonSerializer.Deserialize(before, FileJson.Default.PrincipalsFile)?.Principals
                    ?? [];
        var file = new PrincipalsFile
        {
            Principals =
            [
                .. ours,
                .. existing.Where(principal => ours.All(own => own.Name != principal.Name)),
            ],
        };
        var after = JsonSerializer.SerializeToUtf8Bytes(file, FileJson.Default.PrincipalsFile);
        if (!after.AsSpan().SequenceEqual(before))
        {
            DurableFile.Write(path, after);
            done.Add(
                $"registered {string.Join(" and ", ours.Select(principal => principal.Name))}"
            );
        }
    }

    private static Principal Principal(
        string name,
        CredentialFile credentials,
        IReadOnlyList<Right> rights
    ) =>
        new()
        {
            Name = name,
            Arn = credentials.Arn,
            AccessKeyId = credentials.AccessKeyId,
            SecretAccessKey = credentials.SecretAccessKey,
            Rights = rights,
        };

    private static void HandOver(string folder, uint uid)
    {
        NativeMethods.ChangeOwner(folder, uid);
        foreach (
            var path in Directory.EnumerateFileSystemEntries(
                folder,
                "*",
                SearchOption.AllDirectories
            )
        )
        {
            NativeMethods.ChangeOwner(path, uid);
        }
    }
}
