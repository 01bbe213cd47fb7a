using System.Text.Json.Serialization;
using Dbaas.LocalKms.Initialise;
using Dbaas.LocalKms.Principals;

namespace Dbaas.LocalKms.Hosting;

/// <summary>Files of ours, in camel case and strict.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    WriteIndented = true
)]
[JsonSerializable(typeof(KmsSettings))]
[JsonSerializable(typeof(PrincipalsFile))]
[JsonSerializable(typeof(CredentialFile))]
internal sealed partial class FileJson : JsonSerializerContext;
