using System.Text.Json.Serialization;
using Dbaas.Supervisor.Control;
using Dbaas.Supervisor.Units;

namespace Dbaas.Supervisor.Installations;

/// <summary>The files the supervisor itself reads and writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    IgnoreReadOnlyProperties = true
)]
[JsonSerializable(typeof(Installation))]
[JsonSerializable(typeof(Profile))]
[JsonSerializable(typeof(IReadOnlyList<Unit>))]
[JsonSerializable(typeof(ProcessRecord))]
internal sealed partial class InstallationJson : JsonSerializerContext;
