using Dbaas.Host.Configuration;

namespace Dbaas.Host.Networks;

/// <summary>
/// The one nftables table of a region. It only ever speaks of packets from and to our own bridges, so a user's firewall and ours do
/// not meet. Without connection tracking on purpose: the first rule that uses it switches it on for the whole host. Instead of
/// remembering connections, machines may not begin any: a SYN without ACK is dropped, except to the store.
/// </summary>
internal static class Firewall
{
    /// <summary>Replaces the table as a whole, in one transaction.</summary>
    public static string Rules(HostSettings settings, KernelNames names) =>
        $$"""
            table inet {{names.Table}} {}
            delete table inet {{names.Table}}
            table inet {{names.Table}} {
              chain input {
                type filter hook input priority -10; policy accept;
                iifname "{{names.BridgePrefix}}*" jump machines
              }
              chain machines {
                meta nfproto ipv6 drop
                ip daddr {{settings.ServiceAddress}} tcp dport {{settings.EtcdClientPort}} accept
                meta l4proto tcp tcp flags & (syn | ack) != syn accept
                drop
              }
              chain forward {
                type filter hook forward priority -10; policy accept;
                iifname "{{names.BridgePrefix}}*" drop
                oifname "{{names.BridgePrefix}}*" drop
              }
            }

            """;
}
