using System.Net;
using System.Text.RegularExpressions;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Gateway;

/// <summary>Turns a request into an entry, or refuses it. What passes can be written into the configuration as it is.</summary>
internal static partial class EntryCheck
{
    /// <exception cref="GatewayException">A value is malformed or the address is another entry's.</exception>
    public static GatewayEntry Accept(SetEndpointRequest request, IEnumerable<GatewayEntry> others)
    {
        Require(Id().IsMatch(request.EndpointId), $"\"{request.EndpointId}\" is no endpoint id.");
        Require(
            IPAddress.TryParse(request.Address, out var address),
            $"\"{request.Address}\" is no IP address."
        );
        Require(
            request.Port is >= 1024 and <= 65535,
            $"Port {request.Port} is outside 1024 to 65535."
        );
        var taken = others.FirstOrDefault(other =>
            !other.Removed
            && other.EndpointId != request.EndpointId
            && other.Address == address!.ToString()
            && other.Port == request.Port
        );
        Require(taken is null, $"{address}:{request.Port} belongs to {taken?.EndpointId}.");
        return new()
        {
            EndpointId = request.EndpointId,
            TenantId = request.Owner?.TenantId ?? "",
            InstanceId = request.Owner?.InstanceId ?? "",
            MemberId = request.Owner?.MemberId ?? "",
            Epoch = request.Epoch,
            Removed = false,
            Address = address!.ToString(),
            Port = request.Port,
            Targets = [.. request.Targets.Select(Target)],
            AllowedCidrs =
            [
                .. request.AllowedCidrs.Select(Cidr).Distinct().Order(StringComparer.Ordinal),
            ],
        };
    }

    private static GatewayTarget Target(EndpointTarget target)
    {
        Require(
            IPAddress.TryParse(target.Address, out var address),
            $"Target \"{target.Address}\" is no IP address."
        );
        Require(
            target.Port is > 0 and <= 65535 && target.CheckPort is >= 0 and <= 65535,
            $"Target {target.Address} has a port outside 1 to 65535."
        );
        var path = target.CheckPath.Length == 0 ? "/primary" : target.CheckPath;
        Require(CheckPath().IsMatch(path), $"\"{path}\" is no path for a health check.");
        return new(address!.ToString(), target.Port, target.CheckPort, path);
    }

    private static string Cidr(string text)
    {
        var network = text.Contains('/', StringComparison.Ordinal)
            ? text
            : text + (text.Contains(':', StringComparison.Ordinal) ? "/128" : "/32");
        Require(
            IPNetwork.TryParse(network, out var parsed)
                && IPAddress.TryParse(network.Split('/')[0], out var first)
                // Bits beyond the prefix are a slip of the pen: the user may have meant one address.
                && first.Equals(parsed.BaseAddress),
            $"\"{text}\" is no CIDR; write the network's first address and the prefix length, e.g. 10.0.0.0/8."
        );
        return parsed.ToString();
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new GatewayException("gateway.invalid", message, retryable: false);
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"^/[A-Za-z0-9/_.-]{0,128}\z")]
    private static partial Regex CheckPath();
}
