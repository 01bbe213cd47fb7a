using System.Text.Json.Serialization;
using Dbaas.Host.Enrolment;
using Dbaas.Host.Facts;
using Dbaas.Host.Machines;
using Dbaas.Host.Networks;
using Dbaas.Host.Volumes;

namespace Dbaas.Host.State;

/// <summary>Source-generated JSON of the state files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true
)]
[JsonSerializable(typeof(VolumeRecord))]
[JsonSerializable(typeof(MachineRecord))]
[JsonSerializable(typeof(TenantNetworkRecord))]
[JsonSerializable(typeof(HostIdentityRecord))]
[JsonSerializable(typeof(WriteSpeedRecord))]
internal sealed partial class HostStateJson : JsonSerializerContext;
