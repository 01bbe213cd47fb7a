using System.Text.Json.Serialization;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Gateway;

/// <summary>One endpoint as the gateway keeps it on disk.</summary>
internal sealed record GatewayEntry
{
    public required string EndpointId { get; init; }
    public required string TenantId { get; init; }
    public required string InstanceId { get; init; }
    public required string MemberId { get; init; }

    /// <summary>Highest epoch seen. Kept after removal, so that a late request cannot bring the entry back.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>The entry was taken away; only its epoch is still of use.</summary>
    public required bool Removed { get; init; }

    public required string Address { get; init; }
    public required int Port { get; init; }
    public required IReadOnlyList<GatewayTarget> Targets { get; init; }
    public required IReadOnlyList<string> AllowedCidrs { get; init; }

    /// <summary>What only a reload can change.</summary>
    public string Shape =>
        $"{Address}:{Port} {Slots} "
        + string.Join(' ', Targets.Select(t => $"{t.CheckPort > 0} {t.CheckPath}").Distinct());

    /// <summary>Servers the configuration has room for, so that members come and go without a reload.</summary>
    public int Slots => Math.Max(5, Targets.Count);

    public Owner ToOwner() =>
        new()
        {
            TenantId = TenantId,
            InstanceId = InstanceId,
            MemberId = MemberId,
        };
}

/// <param name="Address">Where the engine listens.</param>
/// <param name="Port">The engine's port.</param>
/// <param name="CheckPort">Port of the HTTPS health check; 0: the engine's port is checked by connecting.</param>
/// <param name="CheckPath">Answers 200 when the member shall get connections.</param>
internal sealed record GatewayTarget(string Address, int Port, int CheckPort, string CheckPath);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    IgnoreReadOnlyProperties = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(GatewayEntry))]
internal sealed partial class GatewayJson : JsonSerializerContext;
