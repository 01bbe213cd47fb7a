using System.Security.Cryptography;
using System.Text.Json;
using Dbaas.Host.Native;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Store;

/// <summary>The store's files on this host: data and TLS for etcd's uid, root's password and the users' owners for us.</summary>
internal sealed class StoreFiles(StoreOptions options)
{
    private const UnixFileMode Private =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Data => Path.Combine(options.Folder, "data");
    public string Tls => Path.Combine(options.Folder, "tls");
    private string Owners => Path.Combine(options.Folder, "owners");
    private string PasswordFile => Path.Combine(options.Folder, "root-password");

    /// <summary>Makes the folders and copies the certificate to where etcd's uid can read it.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(options.Folder);
        Directory.CreateDirectory(Owners, Private);
        foreach (var folder in (string[])[Data, Tls])
        {
            Directory.CreateDirectory(folder, Private);
            Ownership.Give(folder, options.Uid);
        }
        CopyTls();
    }

    /// <summary>Takes over a renewed certificate; etcd reads these files at each handshake.</summary>
    private void CopyTls()
    {
        Copy(options.CertificateFile, "store.crt");
        Copy(options.KeyFile, "store.key");
        Copy(options.AuthorityFile, "ca.crt");
    }

    /// <summary>etcd's root password; drawn once, on disk before etcd learns it.</summary>
    public string RootPassword()
    {
        if (!File.Exists(PasswordFile))
        {
            Write(PasswordFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        }
        return File.ReadAllText(PasswordFile);
    }

    public void Remember(string cluster, Owner owner) =>
        Write(
            OwnerFile(cluster),
            JsonSerializer.Serialize(
                new(owner.TenantId, owner.InstanceId, owner.MemberId),
                StoreJson.Default.StoreUserOwner
            )
        );

    public void Forget(string cluster) => File.Delete(OwnerFile(cluster));

    /// <summary>Null when nobody is known to own the user.</summary>
    public Owner? OwnerOf(string cluster)
    {
        if (!File.Exists(OwnerFile(cluster)))
        {
            return null;
        }
        var owner = JsonSerializer.Deserialize(
            File.ReadAllText(OwnerFile(cluster)),
            StoreJson.Default.StoreUserOwner
        )!;
        return new()
        {
            TenantId = owner.TenantId,
            InstanceId = owner.InstanceId,
            MemberId = owner.MemberId,
        };
    }

    private string OwnerFile(string cluster) => Path.Combine(Owners, cluster + ".json");

    private void Copy(string source, string name)
    {
        var target = Path.Combine(Tls, name);
        Write(target, File.ReadAllText(source), options.Uid);
    }

    /// <summary>Whole or not at all, and never readable by others, not even for a moment.</summary>
    private static void Write(string path, string text, int? uid = null)
    {
        var draft = path + ".new";
        File.Delete(draft);
        using (
            var file = new FileStream(
                draft,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = Secret,
                }
            )
        )
        {
            using var writer = new StreamWriter(file, leaveOpen: true);
            writer.Write(text);
            writer.Flush();
            file.Flush(flushToDisk: true);
        }
        if (uid is { } owner)
        {
            Ownership.Give(draft, owner);
        }
        File.Move(draft, path, overwrite: true);
    }
}
