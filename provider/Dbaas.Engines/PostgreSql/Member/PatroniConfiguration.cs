using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>
/// Patroni's local configuration. It is written as JSON, which is YAML too, so that no quoting rule of YAML can be got wrong. It
/// holds passwords and lies on the encrypted volume with mode 0600.
/// </summary>
internal static class PatroniConfiguration
{
    /// <summary>Patroni's usual port; the regional gateway asks there who is primary.</summary>
    public const int RestPort = 8008;
    public const string RestUser = "dbaas";

    public static string Write(
        MemberSpec spec,
        MemberPaths paths,
        IReadOnlyDictionary<string, string> settings
    )
    {
        var (space, scope) = Place(spec);
        var tls = paths.TlsFolder;
        var document = new JsonObject
        {
            ["scope"] = scope,
            ["namespace"] = space,
            ["name"] = spec.MemberId,
            ["log"] = new JsonObject
            {
                ["level"] = "INFO",
                ["dir"] = paths.PatroniLogFolder,
                ["file_num"] = 2,
                ["file_size"] = 4 * 1024 * 1024,
            },
            ["restapi"] = new JsonObject
            {
                ["listen"] = $"{spec.ListenAddress}:{RestPort}",
                ["connect_address"] = $"{spec.ListenAddress}:{RestPort}",
                ["certfile"] = $"{tls}/internal.crt",
                ["keyfile"] = $"{tls}/internal.key",
                ["cafile"] = $"{tls}/internal-ca.crt",
                ["verify_client"] = "none",
                ["authentication"] = new JsonObject
                {
                    ["username"] = RestUser,
                    ["password"] = spec.Secrets.RestPassword,
                },
            },
            ["ctl"] = new JsonObject { ["cacert"] = $"{tls}/internal-ca.crt" },
            ["etcd3"] = new JsonObject
            {
                ["hosts"] = new JsonArray([
                    .. spec.Store.Endpoints.Select(endpoint => JsonValue.Create(endpoint)),
                ]),
                ["protocol"] = "https",
                // The platform names every member of the store. Asking the store itself would fail under Patroni 4.0, which does so
                // without credentials, and etcd tells its members only to those who have some.
                ["use_proxies"] = true,
                ["cacert"] = $"{tls}/store-ca.crt",
                ["username"] = spec.Store.User,
                ["password"] = spec.Store.Password,
            },
            ["bootstrap"] = new JsonObject { ["dcs"] = Dynamic(settings) },
            ["postgresql"] = new JsonObject
            {
                ["listen"] = $"{spec.ListenAddress}:{spec.Port}",
                ["connect_address"] = $"{spec.ListenAddress}:{spec.Port}",
                ["data_dir"] = paths.Data,
                ["bin_dir"] = MemberPaths.Binaries(spec.EngineVersion.Split('.')[0]),
                ["custom_conf"] = paths.SettingsFile,
                ["pgpass"] = paths.PassFile,
                ["use_unix_socket"] = true,
                ["use_unix_socket_repl"] = false,
                ["authentication"] = new JsonObject
                {
                    ["superuser"] = new JsonObject { ["username"] = RoleStatements.Superuser },
                    ["replication"] = new JsonObject
                    {
                        ["username"] = RoleStatements.ReplicationUser,
                        ["password"] = spec.Secrets.ReplicationPassword,
                        ["sslmode"] = "verify-ca",
                        ["sslrootcert"] = $"{tls}/endpoint-ca.crt",
                    },
                },
                ["parameters"] = new JsonObject
                {
                    ["unix_socket_directories"] = paths.SocketFolder,
                },
            },
        };
        return Text(document);
    }

    /// <summary>The cluster-wide part, kept in the store: lease, failsafe mode and the settings that members share.</summary>
    public static JsonObject Dynamic(IReadOnlyDictionary<string, string> settings)
    {
        var parameters = new JsonObject();
        foreach (var name in ServerSettings.Shared.Append("wal_keep_size"))
        {
            if (settings.TryGetValue(name, out var value))
            {
                parameters[name] = name == "wal_keep_size" ? $"{value}MB" : value;
            }
        }

        return new JsonObject
        {
            ["ttl"] = 30,
            ["loop_wait"] = 10,
            ["retry_timeout"] = 10,
            // Members keep serving while the store is away, as long as they reach each other.
            ["failsafe_mode"] = true,
            ["postgresql"] = new JsonObject
            {
                ["use_pg_rewind"] = true,
                ["use_slots"] = true,
                ["parameters"] = parameters,
            },
        };
    }

    public static string Text(JsonObject document) =>
        document.ToJsonString(
            new System.Text.Json.JsonSerializerOptions
            {
                WriteIndented = true,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                TypeInfoResolver = AgentJson.Default,
            }
        ) + "\n";

    // Patroni keeps its keys below /namespace/scope/; a prefix that ends with the scope already names both.
    internal static (string Namespace, string Scope) Place(MemberSpec spec)
    {
        var prefix = "/" + spec.Store.Prefix.Trim('/');
        var own = "/" + spec.Cluster;
        return prefix.EndsWith(own, StringComparison.Ordinal)
            ? (prefix[..^own.Length] + "/", spec.Cluster)
            : (prefix + "/", spec.Cluster);
    }
}
