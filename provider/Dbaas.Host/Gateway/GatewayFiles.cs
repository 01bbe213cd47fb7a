using System.Text.Json;
using Dbaas.Host.Native;

namespace Dbaas.Host.Gateway;

/// <summary>The gateway's files: entries for us, configuration and lists that HAProxy reads, sockets that it makes.</summary>
internal sealed class GatewayFiles(GatewayOptions options)
{
    public const string InnerConfig = "/etc/gateway";
    public const string InnerRun = "/run/gateway";

    public string Config => Path.Combine(options.Folder, "config");
    public string Run => Path.Combine(options.Folder, "run");
    public string AdminSocket => Path.Combine(Run, "admin.sock");
    public string MasterSocket => Path.Combine(Run, "master.sock");
    public string LogSocket => Path.Combine(Run, "log.sock");
    private string Entries => Path.Combine(options.Folder, "entries");
    private string Lists => Path.Combine(Config, "acl");

    public static string InnerAcl(string endpointId) => $"{InnerConfig}/acl/{endpointId}.lst";

    public void Prepare()
    {
        const UnixFileMode owner =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(Lists);
        Directory.CreateDirectory(Entries, owner);
        Directory.CreateDirectory(Run, owner);
        Ownership.Give(Run, options.Uid);
        File.Copy(options.AuthorityFile, Path.Combine(Config, "ca.crt"), overwrite: true);
    }

    /// <summary>All entries, removed ones included.</summary>
    public IReadOnlyList<GatewayEntry> Load() =>
        Directory.Exists(Entries)
            ?
            [
                .. Directory
                    .EnumerateFiles(Entries, "*.json")
                    .Select(path =>
                        JsonSerializer.Deserialize(
                            File.ReadAllBytes(path),
                            GatewayJson.Default.GatewayEntry
                        )!
                    ),
            ]
            : [];

    public void Save(GatewayEntry entry) =>
        Write(
            EntryFile(entry.EndpointId),
            JsonSerializer.Serialize(entry, GatewayJson.Default.GatewayEntry)
        );

    public void Forget(string endpointId) => File.Delete(EntryFile(endpointId));

    /// <summary>Writes what HAProxy reads at its next start or reload.</summary>
    public void WriteConfiguration(IReadOnlyCollection<GatewayEntry> entries)
    {
        foreach (var entry in entries)
        {
            WriteList(entry);
        }
        Write(
            Path.Combine(Config, "haproxy.cfg"),
            HaproxyConfiguration.Render(
                entries,
                DescriptorLimit.Connections(options.MaxConnections)
            )
        );
        var wanted = entries.Select(entry => ListFile(entry.EndpointId)).ToHashSet();
        foreach (
            var stray in Directory.EnumerateFiles(Lists, "*.lst").Where(f => !wanted.Contains(f))
        )
        {
            File.Delete(stray);
        }
    }

    private void WriteList(GatewayEntry entry)
    {
        var text = string.Concat(entry.AllowedCidrs.Select(cidr => cidr + "\n"));
        var file = ListFile(entry.EndpointId);
        if (!File.Exists(file) || File.ReadAllText(file) != text)
        {
            Write(file, text);
        }
    }

    private string EntryFile(string endpointId) => Path.Combine(Entries, endpointId + ".json");

    private string ListFile(string endpointId) => Path.Combine(Lists, endpointId + ".lst");

    /// <summary>Whole or not at all: a crash in the middle must not leave a configuration that HAProxy refuses.</summary>
    private static void Write(string path, string text)
    {
        var draft = path + ".new";
        using (var file = File.Create(draft))
        {
            using var writer = new StreamWriter(file, leaveOpen: true);
            writer.Write(text);
            writer.Flush();
            file.Flush(flushToDisk: true);
        }
        // HAProxy's uid reads these; they hold no secret.
        File.SetUnixFileMode(
            draft,
            UnixFileMode.UserRead
                | UnixFileMode.UserWrite
                | UnixFileMode.GroupRead
                | UnixFileMode.OtherRead
        );
        File.Move(draft, path, overwrite: true);
    }
}
