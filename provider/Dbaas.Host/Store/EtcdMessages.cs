using System.Text.Json.Serialization;

namespace Dbaas.Host.Store;

// Messages of etcd's JSON gateway (etcd API reference, rpc.proto). Bytes travel as base64, which byte[] does by itself.

internal sealed record EtcdCredentials(string Name, string Password);

internal sealed record EtcdName(string Name);

internal sealed record EtcdRole(string Role);

internal sealed record EtcdGrantRole(string User, string Role);

internal sealed record EtcdGrantPermission(string Name, EtcdPermission Perm);

internal sealed record EtcdPermission(
    string PermType,
    byte[] Key,
    [property: JsonPropertyName("range_end")] byte[] RangeEnd
);

internal sealed record EtcdRange(
    byte[] Key,
    [property: JsonPropertyName("range_end")] byte[]? RangeEnd = null,
    [property: JsonPropertyName("count_only")] bool CountOnly = false
);

internal sealed record EtcdPut(byte[] Key, byte[] Value);

internal sealed record EtcdEmpty;

/// <summary>The fields of all answers that we read; absent ones are null.</summary>
internal sealed record EtcdAnswer
{
    public string? Token { get; init; }
    public bool? Enabled { get; init; }
    public IReadOnlyList<string>? Users { get; init; }

    /// <summary>Number of keys found, as text: the gateway writes 64-bit numbers so.</summary>
    public string? Count { get; init; }

    /// <summary>Number of keys removed, as text.</summary>
    public string? Deleted { get; init; }

    /// <summary>gRPC status code of a refusal.</summary>
    public int? Code { get; init; }

    public string? Message { get; init; }

    public string? Health { get; init; }
    public string? Reason { get; init; }
}

/// <summary>Whose user of the store it is; kept beside etcd because etcd has no room for it.</summary>
internal sealed record StoreUserOwner(string TenantId, string InstanceId, string MemberId);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(EtcdCredentials))]
[JsonSerializable(typeof(EtcdName))]
[JsonSerializable(typeof(EtcdRole))]
[JsonSerializable(typeof(EtcdGrantRole))]
[JsonSerializable(typeof(EtcdGrantPermission))]
[JsonSerializable(typeof(EtcdRange))]
[JsonSerializable(typeof(EtcdPut))]
[JsonSerializable(typeof(EtcdEmpty))]
[JsonSerializable(typeof(EtcdAnswer))]
[JsonSerializable(typeof(StoreUserOwner))]
internal sealed partial class StoreJson : JsonSerializerContext;
