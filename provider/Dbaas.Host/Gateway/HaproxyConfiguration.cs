using System.Globalization;
using System.Text;

namespace Dbaas.Host.Gateway;

/// <summary>Renders HAProxy's configuration. Pure; every value was checked by <see cref="EntryCheck"/>.</summary>
internal static class HaproxyConfiguration
{
    public static string Render(IEnumerable<GatewayEntry> entries, int maxConnections)
    {
        var text = new StringBuilder(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                global
                  maxconn {maxConnections}
                  # An old worker lives as long as its connections; this bounds how many there are.
                  mworker-max-reloads 100
                  stats socket {GatewayFiles.InnerRun}/admin.sock mode 600 level admin expose-fd listeners
                  log {GatewayFiles.InnerRun}/log.sock local0 info
                  ssl-default-server-options ssl-min-ver TLSv1.3

                defaults
                  mode tcp
                  log global
                  # The engine sees the gateway's address only, so the client's is written down here.
                  log-format "client=%ci:%cp endpoint=%f server=%s at=%si:%sp wait_ms=%Tw connect_ms=%Tc total_ms=%Tt bytes=%B end=%ts connections=%fc"
                  option dontlognull
                  # Between two tries HAProxy waits as long as one may take, one second at most. Short tries, many of them, hold a client
                  # of a server that is just starting for six seconds as before, and let it in as soon as it listens.
                  timeout connect 100ms
                  # A database session may be idle for weeks; keep-alives find the dead ones.
                  timeout client 24d
                  timeout server 24d
                  option clitcpka
                  option srvtcpka
                  option redispatch
                  retries 60

                """
            )
        );
        foreach (var entry in entries.OrderBy(entry => entry.EndpointId, StringComparer.Ordinal))
        {
            Append(text, entry);
        }
        return text.ToString();
    }

    /// <summary>Name of the n-th server of each backend, from 0.</summary>
    public static string Slot(int index) =>
        "s" + (index + 1).ToString(CultureInfo.InvariantCulture);

    private static void Append(StringBuilder text, GatewayEntry entry)
    {
        var id = entry.EndpointId;
        text.Append('\n');
        Line(text, $"frontend {id}");
        Line(text, $"  bind {Endpoint(entry.Address, entry.Port)}");
        Line(
            text,
            $"  tcp-request connection reject unless {{ src -f {GatewayFiles.InnerAcl(id)} }}"
        );
        Line(text, $"  default_backend {id}");
        Line(text, $"backend {id}");
        var check = entry.Targets.FirstOrDefault(target => target.CheckPort > 0);
        if (check is not null)
        {
            Line(text, "  option httpchk");
            Line(
                text,
                $"  http-check send meth GET uri {check.CheckPath} ver HTTP/1.1 hdr Host gateway"
            );
            Line(text, "  http-check expect status 200");
        }
        // Alone, a server may take connections before its first check; beside others it could be a standby.
        var initial = entry.Targets.Count > 1 ? "down" : "up";
        var tls = check is null
            ? ""
            : $" check-ssl verify required ca-file {GatewayFiles.InnerConfig}/ca.crt";
        Line(
            text,
            $"  default-server check inter 2s fastinter 500ms downinter 500ms fall 2 rise 1 init-state {initial} on-marked-down shutdown-sessions{tls}"
        );
        for (var i = 0; i < entry.Slots; i++)
        {
            Line(
                text,
                i < entry.Targets.Count
                    ? $"  server {Slot(i)} {Endpoint(entry.Targets[i].Address, entry.Targets[i].Port)} port {CheckPort(entry.Targets[i])}"
                    : $"  server {Slot(i)} 127.0.0.1:1 port 1 disabled"
            );
        }
    }

    /// <summary>Where the health check connects.</summary>
    public static int CheckPort(GatewayTarget target) =>
        target.CheckPort > 0 ? target.CheckPort : target.Port;

    private static string Endpoint(string address, int port) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address)}:{port}"
        );

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(FormattableString.Invariant(line)).Append('\n');

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
